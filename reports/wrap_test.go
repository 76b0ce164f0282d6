package reports

import (
	"slices"
	"testing"
)

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		sentence, words string
		most            int
		want            []string
	}{
		{"nothing is one line", "", 10, []string{""}},
		{"words that fit stay on a line", "one two", 7, []string{"one two"}},
		{"a line breaks between words", "one two three", 8, []string{"one two", "three"}},
		{"a long word breaks after a hyphen", "(local:EXAMPLE-NORTH)", 17, []string{"(local:EXAMPLE-", "NORTH)"}},
		{"a long word without a mark breaks where it must", "abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"characters are counted, not bytes", "£££ ££", 6, []string{"£££ ££"}},
	} {
		if got := wrap(test.words, test.most); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q", test.sentence, got)
		}
	}
}
