package domain

import (
	"strings"
	"testing"
)

func TestBodiesAreReadWithTheirScheme(t *testing.T) {
	for _, b := range []struct {
		text string
		want Body
		bare string
	}{
		{"U62251", "ods:U62251", "U62251"},
		{"ods:U62251", "ods:U62251", "U62251"},
		{"10Q", "ods:10Q", "10Q"},
		{"U00000", "ods:U00000", "U00000"},
		{"S0E4D", "ods:S0E4D", "S0E4D"},
		{"local:OCA", "local:OCA", "local:OCA"},
		{"local:U", "local:U", "local:U"},
		{"local:Oxford-Health-1", "local:Oxford-Health-1", "local:Oxford-Health-1"},
		{"companies:01234567", "companies:01234567", "companies:01234567"},
		{"companies:SC123456", "companies:SC123456", "companies:SC123456"},
	} {
		got, err := ParseBody(b.text)
		if err != nil || got != b.want || got.Bare() != b.bare {
			t.Errorf("%q reads as %q, bare %q, %v; want %q, bare %q", b.text, got, got.Bare(), err, b.want, b.bare)
		}
	}
	for _, text := range []string{
		"", "ods:", "u62251", "U 62251", "U6225100001", "A", "local:", "local:-x", "local:Oxford Health", "local:a:b", "companies:1234567",
		"companies:0123456a", "nhs:U62251", "LOCAL:OCA", "ods:U62251 ", "U62251\n", "local:" + strings.Repeat("x", 41), ":U62251",
	} {
		if got, err := ParseBody(text); err == nil {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}

func TestUnallocatedIsNobody(t *testing.T) {
	for _, text := range []string{"U", "ods:U"} {
		_, err := ParseBody(text)
		if refusal := refusalOf(err); refusal == nil || refusal.Rule != RuleBodyUnallocated {
			t.Errorf("%q: got %v, want rule %s", text, err, RuleBodyUnallocated)
		}
	}
}

func TestWordsThatTheLedgerDoesNotKnowAreRefused(t *testing.T) {
	for text, read := range map[string]func([]byte) error{
		"village":    new(Kind).UnmarshalText,
		"soft":       new(Cover).UnmarshalText,
		"trust":      new(Basis).UnmarshalText,
		"pondered":   new(Population).UnmarshalText,
		"test":       new(LedgerKind).UnmarshalText,
		"petty cash": new(Account).UnmarshalText,
	} {
		for _, text := range []string{text, ""} {
			if err := read([]byte(text)); err == nil {
				t.Errorf("%q is accepted", text)
			}
		}
	}
	for _, a := range Accounts() {
		if err := new(Account).UnmarshalText([]byte(a)); err != nil {
			t.Error(err)
		}
	}
	if len(Accounts()) != len(dimensions) {
		t.Errorf("%d accounts stand in the trial balance, %d have dimensions", len(Accounts()), len(dimensions))
	}
	for _, k := range []Kind{KindCommissioner, KindArea, KindNetwork, KindPractice, KindFederation, KindTrust, KindCompany, KindCharity} {
		if err := new(Kind).UnmarshalText([]byte(k)); err != nil {
			t.Error(err)
		}
	}
}

func FuzzParseBody(f *testing.F) {
	for _, text := range []string{"U62251", "ods:10Q", "U", "local:OCA", "companies:01234567", "local:a:b", "ods:", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ParseBody(text)
		if err != nil {
			if b != "" {
				t.Errorf("%q is refused and comes back as %q", text, b)
			}
			return
		}
		var again Body
		if err := again.UnmarshalText([]byte(b)); err != nil || again != b {
			t.Errorf("%q reads as %q and then as %q, %v", text, b, again, err)
		}
		scheme, code, ok := strings.Cut(string(b), ":")
		if !ok || bodyForms[scheme] == nil || strings.ContainsAny(code, ": \n") || b == "ods:U" {
			t.Errorf("%q reads as %q", text, b)
		}
		if bare, err := ParseBody(b.Bare()); err != nil || bare != b {
			t.Errorf("%q prints bare as %q, which reads as %q, %v", b, b.Bare(), bare, err)
		}
	})
}
