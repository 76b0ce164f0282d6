package reports

import (
	"strconv"
	"strings"

	"pcnledger/domain"
	"pcnledger/projections"
)

func headingOf(v *projections.Views, o Options, takes Takes) Heading {
	h := Heading{
		Ledger:       v.Ledger.Name,
		Commissioner: organisationOf(v, v.Ledger.Commissioner),
		Number:       v.Ledger.Number,
		Proof:        o.Proof,
		Time:         v.Ledger.Time,
		Date:         v.Ledger.Date(),
		Selection:    selection(v, o, takes),
		Effective:    v.Effective(),
		Officers:     officersOf(v, v.Ledger.Number),
		Version:      o.Version,
	}
	if v.Ledger.Kind == domain.KindDemo {
		h.Illustration = Illustration
	}
	return h
}

// How those who record are known, until people sign in.
const (
	noOfficers    = "No officers are appointed: whoever can open this ledger may record alone."
	knownByLogins = "Officers are known by their operating-system login; sign-in is not offered yet."
)

func officersOf(v *projections.Views, number int64) string {
	if v.Ledger.Officers == 0 || v.Ledger.Governed > number {
		return noOfficers
	}
	return knownByLogins
}

// selection says in words what was asked for.
func selection(v *projections.Views, o Options, takes Takes) string {
	var words []string
	if f, ok := v.Funds.Fund(o.Fund); ok {
		words = append(words, "fund "+string(f.Fund)+" ("+f.Title+")")
	} else if takes.Fund && o.basis == domain.BasisAdvance {
		words = append(words, "all funds that pay in advance")
	} else if takes.Fund {
		words = append(words, "all funds")
	}
	if o.Payee != "" {
		words = append(words, "payee "+organisationOf(v, o.Payee).String())
	}
	if o.Network != "" {
		words = append(words, "network "+organisationOf(v, o.Network).String())
	}
	if o.Year != "" {
		words = append(words, "year "+string(o.Year))
	}
	if o.OpenOnly {
		words = append(words, "open items only")
	}
	if len(words) == 0 {
		return "everything recorded"
	}
	return strings.Join(words, "; ")
}

// A fact is a line of a heading: values for a machine, and the words that say the same to people.
type fact struct {
	name   string
	values []string
	words  []string
}

// facts are the lines that every format opens with, in this order.
func (h Heading) facts() []fact {
	number := fact{"number", []string{strconv.FormatInt(h.Number, 10)}, []string{"up to event " + strconv.FormatInt(h.Number, 10)}}
	asAt := fact{"as at", []string{instant(h.Time), string(h.Date)}, []string{h.Date.String(), instant(h.Time)}}
	if h.Number == 0 {
		number, asAt = plain("number", "0"), plain("as at", "nothing is recorded yet")
	}
	facts := []fact{plain("ledger", h.Ledger), plain("commissioner", h.Commissioner.String()), number}
	facts = append(facts, h.Proof.facts()...)
	facts = append(facts, asAt, h.effective(), h.period(), plain("selection", h.Selection), plain("version", h.Version), plain("officers", h.Officers))
	for _, note := range h.Notes {
		facts = append(facts, plain("note", note))
	}
	return facts
}

// everything is what a heading says of an axis of time of which nothing was left out.
const everything = "all"

func (h Heading) effective() fact {
	if h.Effective == "" {
		return plain("effective", everything)
	}
	return fact{"effective", []string{string(h.Effective)}, []string{"up to and including " + h.Effective.String()}}
}

func (h Heading) period() fact {
	switch {
	case h.Through != "":
		return fact{"period", []string{string(h.Through), "through"}, []string{"up to and including " + string(h.Through)}}
	case h.Period != "":
		return fact{"period", []string{string(h.Period), "only"}, []string{string(h.Period) + " alone"}}
	}
	return plain("period", everything)
}

func plain(name, value string) fact { return fact{name, []string{value}, []string{value}} }
