package projections

import (
	"slices"
	"strings"

	"pcnledger/domain"
)

// payments adds up what was raised by the rule, whoever was paid: for a practice in whichever network it was.
type payments struct {
	table[entitlementKey, payment]
}

// A payment is what was raised at a rate for a network or on a practice's list, net of recoveries.
type payment struct {
	months []paymentMonth // in order
	latest word           // of the months that were raised
	last   int32          // number of the entitlement under which that was, from 1
}

type paymentMonth struct {
	pence   domain.Pence
	service word
}

// number returns the number of the payment that an entitlement is part of.
func (p *payments) number(of entitlementKey) int32 {
	if of.practice != 0 {
		of.beneficiary = 0
	}
	return p.table.number(of)
}

// add adds pence to a month, which may be a new one.
func (p *payment) add(k *book, service word, pence domain.Pence) {
	for i := range p.months {
		if p.months[i].service == service {
			p.months[i].pence += pence
			return
		}
	}
	at, _ := slices.BinarySearchFunc(p.months, k.words.text(service), func(m paymentMonth, text string) int {
		return strings.Compare(k.words.text(m.service), text)
	})
	p.months = slices.Insert(p.months, at, paymentMonth{pence, service})
}

// reach notes that a month was raised under an entitlement.
func (p *payment) reach(k *book, service word, of int32) {
	if k.words.text(service) >= k.words.text(p.latest) {
		p.latest, p.last = service, of+1
	}
}

// upTo adds up the months up to and including one that was raised.
func (p *payment) upTo(service word) (sum domain.Pence) {
	for _, m := range p.months {
		sum += m.pence
		if m.service == service {
			break
		}
	}
	return sum
}
