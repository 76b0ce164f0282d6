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
		Version:      o.Version,
	}
	if v.Ledger.Kind == domain.KindDemo {
		h.Illustration = Illustration
	}
	return h
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
	if o.OpenOnly {
		words = append(words, "open items only")
	}
	if o.Through != "" {
		words = append(words, "up to period "+string(o.Through))
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
	facts = append(facts, asAt, plain("selection", h.Selection), plain("version", h.Version))
	for _, note := range h.Notes {
		facts = append(facts, plain("note", note))
	}
	return facts
}

func plain(name, value string) fact { return fact{name, []string{value}, []string{value}} }
