package domain

import (
	"cmp"
	"slices"
	"strings"
)

// RaiseRecovery asks to record that a payee was paid more than was due and is to pay the difference back. Of a claim it
// names the person and what the post's cost proved to be, and the difference is computed; or the pence, where the cost
// is not what was wrong. Of an uplift it names the month as well, and the cost is the whole cost. Of any other item it names
// the time of service and the pence.
type RaiseRecovery struct {
	Item   ItemID  `json:"item"` // the payable that was too much
	Reason string  `json:"reason"`
	Due    Date    `json:"due,omitzero"`    // 30 days if not given
	Person Person  `json:"person,omitzero"` // of a claim
	Proved Costs   `json:"proved,omitzero"` // what the post cost
	For    Service `json:"for,omitzero"`    // of any other item, or of an uplift the month
	Pence  Pence   `json:"pence,omitzero"`  // of any other item, or of a claim instead of the proved cost

	Role RateCode `json:"role,omitzero"` // of a claim for the person in two roles
}

// RecoveryRaised says what is to be paid back. It is a receivable item; the money can be used again.
type RecoveryRaised struct {
	Item        ItemID   `json:"item"`
	Claim       int64    `json:"claim,omitzero"`
	Fund        FundCode `json:"fund"`
	Payee       Body     `json:"payee"`
	Beneficiary Body     `json:"beneficiary"`
	Category    Category `json:"category"`
	For         Service  `json:"for"`
	Charge      int      `json:"charge"` // which charge of the item, from 1
	Reason      string   `json:"reason"`
	Due         Date     `json:"due"`
	Person      Person   `json:"person,omitzero"`
	Proved      Costs    `json:"proved,omitzero"`
	Right       Pence    `json:"right,omitzero"` // what was due on the proved cost
	Pence       Pence    `json:"pence"`
	Draws       []Draw   `json:"draws"` // where the money returns to
}

func (c RaiseRecovery) decide(l *Ledger, m moment) (Event, error) {
	item, ok := l.items[c.Item]
	if !ok {
		return nil, refuse(RuleItemUnknown, "look for it: pcnledger show items", "there is no item %q", string(c.Item))
	}
	if item.Account != Payables || item.Advance {
		return nil, refuse(RuleItemKind, "name a payable that is no advance; an advance is called back (ReturnAdvance), what is owed is received (RecordReceipt)",
			"item %s is no spend that can be recovered", c.Item)
	}
	if by, reversed := l.reversed[item.ID.number()]; reversed {
		return nil, refuse(RuleEntryReversed, "recover what was paid in its place: pcnledger show items", "item %s was taken back by event %d; nothing of it is left to recover", item.ID, by)
	}
	if m.effective < item.Effective {
		return nil, refuse(RuleItemEarlier, "correct the effective date", "item %s arose on %s; nothing of it can be recovered on %s, before that",
			item.ID, item.Effective, m.effective)
	}
	if err := checkText(c.Reason, "the reason", `"the salary proved to be less"`); err != nil {
		return nil, err
	}
	e := RecoveryRaised{Item: c.Item, Fund: item.Fund, Payee: item.Payee, Beneficiary: item.Beneficiary, Reason: c.Reason, Due: dueBy(c.Due, m)}
	charge, err := c.charge(l, item)
	if err != nil {
		return nil, err
	}
	e.Category, e.For = item.Charges[charge].Category, item.Charges[charge].For
	if item.Claim != 0 {
		e.Claim, e.Person = item.Claim, c.Person
	}
	if item.Claim != 0 && c.Pence == 0 {
		err = l.recoverClaim(c, item, charge, &e)
	} else {
		err = recoverPart(c, item, charge, &e)
	}
	if err != nil {
		return nil, err
	}
	e.Charge = charge + 1
	e.Draws = l.funds[item.Fund].giveBack(item.Charges[charge], item.recovered[charge], e, m)
	return e, nil
}

// charge finds which charge of an item is meant: a claim's by person, and by month or role where there are several; any
// other's by time of service.
func (c RaiseRecovery) charge(l *Ledger, item *itemState) (int, error) {
	if item.Claim != 0 {
		return c.chargeOfClaim(l.claims[item.Claim].approved.Lines, item)
	}
	for i, charge := range item.Charges {
		if charge.For == c.For {
			return i, nil
		}
	}
	return 0, c.noCharge(item)
}

func (c RaiseRecovery) noCharge(item *itemState) *Refusal {
	return refuse(RuleRecoveryNone, "name a person of the claim (person), or a time of service of the item (for): pcnledger show items",
		"item %s has nothing for %s", item.ID, cmp.Or(strings.Join(strings.Fields(string(c.Person)+" "+string(c.For)), " in "), "what is not named"))
}

// chargeOfClaim finds the one line of an approved claim that is meant; each has its charge in the item.
func (c RaiseRecovery) chargeOfClaim(lines []ApprovedLine, item *itemState) (int, error) {
	found := -1
	for i, line := range lines {
		if line.Person != c.Person || c.For != "" && c.For != item.Charges[i].For || c.Role != "" && c.Role != line.Role {
			continue
		}
		if found >= 0 {
			return 0, refuse(RuleRecoveryNone, "name the month (for), or the role (role)", "item %s has %s for %s as %s and for %s as %s: the recovery does not say which",
				item.ID, c.Person, item.Charges[found].For, lines[found].Role, item.Charges[i].For, line.Role)
		}
		found = i
	}
	if found < 0 {
		return 0, c.noCharge(item)
	}
	return found, nil
}

// recoverClaim computes what was due on the proved cost of a post: of an uplift, on its whole cost, and what was approved
// before counts as paid.
func (l *Ledger) recoverClaim(c RaiseRecovery, item *itemState, charge int, e *RecoveryRaised) error {
	if c.Proved == (Costs{}) {
		return refuse(RuleClaimCosts, "give what the post's cost proved to be (proved), or the pence that are to be paid back", "the recovery gives neither a proved cost nor an amount")
	}
	claim := l.claims[item.Claim]
	line := claim.approved.Lines[charge]
	post := claim.post(line)
	if err := c.Proved.check(post, line.Maximum); err != nil {
		return err
	}
	cost, _ := l.countedCost(claimedLine{post, c.Proved}, Rate{Category: line.Category})
	e.Proved, e.Right = c.Proved, min(percentOf(line.Percent, cost), line.Maximum)
	paid := claim.paid[post]
	if claim.uplift {
		paid = l.paidFor(post)
	} else if number, uplift := l.standing(post, true, 0); number != 0 && uplift.paid[post] > 0 {
		return refuse(RuleRecoveryUplifted, "recover from the item of that claim first, with the whole cost of the month (proved), or give the pence",
			"claim %d uplifted what was claimed for %s for %s by %s: what is due on a proved cost is due on both together", number, post.person, post.month, uplift.paid[post])
	}
	if e.Pence = min(paid-e.Right, claim.paid[post]); e.Pence <= 0 {
		return refuse(RuleRecoveryNothing, "check the proved cost; what was claimed too low is not recovered", "%s is due for %s on the proved cost of %s; %s was approved and not recovered",
			e.Right, c.Person, c.Proved.Total(), paid).figure("due", e.Right).figure("approved", paid)
	}
	return nil
}

// RuleRecoveryUplifted forbids to recover from a claim on a proved cost while an uplift of it stands.
const RuleRecoveryUplifted Rule = "recovery-uplifted"

// recoverPart takes back part of what was raised for a time of service.
func recoverPart(c RaiseRecovery, item *itemState, charge int, e *RecoveryRaised) error {
	if c.Proved != (Costs{}) {
		return refuse(RuleClaimCosts, "give one of them: the proved cost is for claims, and the ledger computes the pence from it", "the recovery gives a proved cost and the pence as well")
	}
	if err := checkAmount(c.Pence, "the recovery"); err != nil {
		return err
	}
	e.Pence = c.Pence
	if most := item.Charges[charge].Pence - item.recovered[charge]; c.Pence > most {
		return refuse(RuleRecoveryOver, "recover at most that", "item %s has %s for %s that was not recovered; %s was asked",
			item.ID, most, string(c.Person)+string(c.For), c.Pence).
			figure("can be recovered", most).figure("asked", c.Pence)
	}
	return nil
}

// giveBack says where recovered money returns to: the allocations it was charged to, the last first; after the fund's end
// to lapsed.
func (f *fundState) giveBack(charge Charge, before Pence, e RecoveryRaised, m moment) []Draw {
	if f.closed != "" || m.effective > f.To {
		lapsed := at(Lapsed, Bucket{Beneficiary: e.Beneficiary, For: e.For})
		return []Draw{{Account: Lapsed, Bucket: lapsed.bucket, Pence: e.Pence}}
	}
	var draws []Draw
	left := e.Pence
	for i := len(charge.Draws) - 1; i >= 0 && left > 0; i-- {
		d := charge.Draws[i]
		skipped := min(before, d.Pence)
		before -= skipped
		if d.Pence = min(d.Pence-skipped, left); d.Pence > 0 {
			left -= d.Pence
			draws = append(draws, d)
		}
	}
	return draws
}

// applyRecovery takes a recovery off what was raised and off what a claim was paid.
func (l *Ledger) applyRecovery(e RecoveryRaised) {
	l.countRecovered(e, e.Pence)
	if claim := l.claims[e.Claim]; claim != nil && e.Proved != (Costs{}) {
		post := claim.post(claim.approved.Lines[e.Charge-1])
		set(&claim.proved, post, append(claim.proved[post], e.Proved))
	}
}

// reverseRecovery undoes a recovery.
func (l *Ledger) reverseRecovery(e RecoveryRaised) {
	l.countRecovered(e, -e.Pence)
	if claim := l.claims[e.Claim]; claim != nil && e.Proved != (Costs{}) {
		post := claim.post(claim.approved.Lines[e.Charge-1])
		if i := slices.Index(claim.proved[post], e.Proved); i >= 0 {
			claim.proved[post] = slices.Delete(slices.Clone(claim.proved[post]), i, i+1)
		}
	}
}

func (l *Ledger) countRecovered(e RecoveryRaised, pence Pence) {
	item := l.items[e.Item]
	item.recovered[e.Charge-1] += pence
	if e.Claim != 0 {
		claim := l.claims[e.Claim]
		line := claim.approved.Lines[e.Charge-1]
		l.reimburse(claim, line, -pence)
		if e.Proved == (Costs{}) {
			post := claim.post(line)
			set(&claim.withheld, post, claim.withheld[post]+pence)
		}
	}
	if item.Rate != "" {
		l.raised[item.payment()][e.For] -= pence
	}
}

// noteRecovery remembers that something of a month was recovered after what it stands on.
func (l *Ledger) noteRecovery(number int64, e RecoveryRaised) {
	item := l.items[e.Item]
	if item.Rate == "" {
		return
	}
	key := item.payment()
	if before := l.footings[key][e.For]; len(before) > 0 {
		l.stand(key, e.For, stood{number, before[len(before)-1].Footing})
	}
}
