package domain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Body is an organisation by scheme and code: ods:U62251 (the NHS Organisation Data Service), local:OCA (named by the
// commissioner) or companies:01234567 (Companies House). The zero Body is nobody.
type Body string

var bodyForms = map[string]*regexp.Regexp{
	"ods":       regexp.MustCompile(`^[A-Z0-9]{2,8}$`),
	"local":     regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,39}$`),
	"companies": regexp.MustCompile(`^[A-Z0-9]{8}$`),
}

// ParseBody reads scheme:code; a bare code is an ODS code and comes back with its scheme. U alone is how NHS files
// write "unallocated" and is nobody.
func ParseBody(text string) (Body, error) {
	scheme, code, ok := strings.Cut(text, ":")
	if !ok {
		scheme, code = "ods", text
	}
	if scheme == "ods" && code == "U" {
		return "", refuse(RuleBodyUnallocated, "name the practice's own code, or leave it out",
			"U is how NHS files write \"unallocated\"; it is no organisation and can be paid nothing")
	}
	form, known := bodyForms[scheme]
	if !known || !form.MatchString(code) {
		return "", fmt.Errorf("%q is no body: write an ODS code (U62251), local:NAME or companies:01234567", text)
	}
	return Body(scheme + ":" + code), nil
}

// UnmarshalText reads a body as [ParseBody] does; empty text is nobody.
func (b *Body) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*b = ""
		return nil
	}
	*b, err = ParseBody(string(text))
	return err
}

// Bare returns the code as reports print it: without its scheme where that is ods.
func (b Body) Bare() string { return strings.TrimPrefix(string(b), "ods:") }

// A Kind says what a body is. Codes are looked up, never guessed from their shape.
type Kind string

// The kinds of body.
const (
	KindCommissioner Kind = "commissioner" // the CCG or ICB
	KindArea         Kind = "area"         // a network area, delivery board or alliance of networks
	KindNetwork      Kind = "network"      // a Primary Care Network or the neighbourhood that became one
	KindPractice     Kind = "practice"
	KindFederation   Kind = "federation"
	KindTrust        Kind = "trust"
	KindCompany      Kind = "company"
	KindCharity      Kind = "charity"
)

// UnmarshalText refuses a kind that is not one of the constants.
func (k *Kind) UnmarshalText(text []byte) error {
	switch kind := Kind(text); kind {
	case KindCommissioner, KindArea, KindNetwork, KindPractice, KindFederation, KindTrust, KindCompany, KindCharity:
		*k = kind
		return nil
	}
	return fmt.Errorf("%q is no kind of body: commissioner, area, network, practice, federation, trust, company or charity", text)
}

// RegisterBody asks that a body be known to the ledger, or, for one that is known, that it goes by a new name.
type RegisterBody struct {
	Body Body   `json:"body"`
	Kind Kind   `json:"kind"`
	Name string `json:"name,omitzero"`
	From Date   `json:"from,omitzero"` // from when it goes by that name, if known
}

// BodyRegistered says that a body is known to the ledger, by that name from that date on.
type BodyRegistered struct {
	Body Body   `json:"body"`
	Kind Kind   `json:"kind"`
	Name string `json:"name,omitzero"`
	From Date   `json:"from,omitzero"`
}

// SucceedBody asks to record that one body took the place of another, or that several share its place.
type SucceedBody struct {
	Body       Body        `json:"body"`
	Date       Date        `json:"date"` // the first day of the successors
	Successors []Successor `json:"successors"`
	Reason     string      `json:"reason"`
}

// A Successor takes a share of what a body was: Share of Of, so 1 of 1 for one that takes it all.
type Successor struct {
	Body  Body  `json:"body"`
	Share int64 `json:"share"`
	Of    int64 `json:"of"`
}

// BodySucceeded says which bodies took the place of another from a date on.
type BodySucceeded struct {
	Body       Body        `json:"body"`
	Date       Date        `json:"date"`
	Successors []Successor `json:"successors"`
	Reason     string      `json:"reason"`
}

func (c RegisterBody) decide(l *Ledger, _ moment) (Event, error) {
	if c.Body == "" || c.Kind == "" {
		return nil, refuse(RuleTextMissing, "give both, for example ods:U62251 and network", "the body's code or kind is missing")
	}
	known, ok := l.registry.bodies[c.Body]
	switch {
	case !ok:
		return BodyRegistered(c), nil
	case known.kind != c.Kind:
		return nil, refuse(RuleBodyKind, "check the code; what a body is does not change", "%s is registered as a %s, not as a %s",
			c.Body.Bare(), known.kind, c.Kind)
	case c.Name == "" || c.Name == known.name:
		return nil, ErrUnchanged
	}
	return BodyRegistered(c), nil
}

func (c SucceedBody) decide(l *Ledger, _ moment) (Event, error) {
	body, err := l.registry.known(c.Body, "the body")
	if err != nil {
		return nil, err
	}
	if c.Date == "" {
		return nil, refuse(RuleTextMissing, "give the successors' first day", "the date of succession is missing")
	}
	if err := checkText(c.Reason, "the reason", `"neighbourhoods became networks under the DES"`); err != nil {
		return nil, err
	}
	if body.succeeded == c.Date && slices.Equal(body.successors, c.Successors) {
		return nil, ErrUnchanged
	}
	if body.succeeded != "" {
		return nil, refuse(RuleBodySucceeded, "check the code; a body is succeeded once",
			"%s was succeeded on %s by %s already", c.Body.Bare(), body.succeeded, successorNames(body.successors))
	}
	if err := l.registry.checkSuccessors(c, body.kind); err != nil {
		return nil, err
	}
	return BodySucceeded(c), nil
}

// checkSuccessors refuses successors of another kind, or whose shares do not make a whole.
func (r *registry) checkSuccessors(c SucceedBody, kind Kind) error {
	var sum int64
	whole := len(c.Successors) > 0
	for _, s := range c.Successors {
		if err := r.knownAs(s.Body, "the successor", kind); err != nil {
			return err
		}
		whole = whole && s.Of == c.Successors[0].Of && 0 < s.Share && s.Share <= s.Of-sum
		sum += s.Share
	}
	if slices.ContainsFunc(c.Successors, func(s Successor) bool { return s.Body == c.Body }) {
		return refuse(RuleSuccessorShares, "name the body that took its place; to split it register a new body for each part", "%s cannot succeed itself",
			c.Body.Bare())
	}
	if !whole || sum != c.Successors[0].Of {
		return refuse(RuleSuccessorShares, "give shares of one whole, such as 1 of 3 and 2 of 3, or 1 of 1",
			"the shares of the successors of %s do not make a whole", c.Body.Bare())
	}
	return nil
}

func successorNames(successors []Successor) string {
	names := ""
	for i, s := range successors {
		if i > 0 {
			names += " or "
		}
		names += s.Body.Bare()
	}
	return names
}
