package projections

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEqualTextsHaveOneWordAndWordsTheirTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w words[word]
		known := map[string]word{"": 0}
		texts := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "a", "ods:U12345", "ods:U12346", "clinical pharmacist", "2019-20/M04"}))
		for _, text := range rapid.SliceOf(texts).Draw(t, "texts") {
			if found, met := w.find(text); met != has(known, text) || met && found != known[text] {
				t.Fatalf("%q is found as %d, %v", text, found, met)
			}
			got := w.of(text)
			if want, met := known[text]; met && got != want {
				t.Fatalf("%q has word %d, and before it had %d", text, got, want)
			}
			known[text] = got
		}
		of := map[word]string{}
		for text, word := range known {
			if w.text(word) != text {
				t.Errorf("word %d is %q, not %q", word, w.text(word), text)
			}
			if other, twice := of[word]; twice {
				t.Errorf("%q and %q have one word", text, other)
			}
			of[word] = text
		}
	})
}

func has(known map[string]word, text string) bool { _, ok := known[text]; return ok }

// A text that was given out is good for ever, although the bytes behind it move as more are added.
func TestATextStaysAsItWasGivenOut(t *testing.T) {
	var w texts
	var added []text
	var given []string
	for i := range 5_000 {
		added = append(added, w.add(fmt.Sprint("mobilisation ", i)))
		given = append(given, w.text(added[i]))
	}
	for i := range added {
		if want := fmt.Sprint("mobilisation ", i); given[i] != want || w.text(added[i]) != want {
			t.Fatalf("text %d is %q, and was given out as %q", i, w.text(added[i]), given[i])
		}
	}
}

func TestATextThatIsSaidAgainAndAgainIsKeptOnce(t *testing.T) {
	var w texts
	first := w.add("mobilisation")
	for range 100 {
		if again := w.add("mobilisation"); again != first {
			t.Fatalf("kept again as %d", again)
		}
	}
	if w.add("") != 0 || w.text(0) != "" {
		t.Error("the blank text is kept")
	}
	if size := len(w.letters.bytes); size != len("mobilisation") {
		t.Errorf("%d bytes are kept", size)
	}
}

// What was asked for lately is never taken for another text of the same length and last letter.
func TestRecentTextsAreNotMistakenForEachOther(t *testing.T) {
	var k book
	for i := range 1_000 {
		body := "local:" + strings.Repeat("x", i%7) + fmt.Sprint(i*13%97) + "-A"
		if got := k.words.text(k.word(&k.recent.payee, body)); got != body {
			t.Fatalf("%q is taken for %q", body, got)
		}
	}
}
