package domain

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// RequestHeld says that a command waits for a second person: it is above the officer's limit, or always needs two. The
// request goes by the number of this event. What it would take counts as taken until it is approved, refused, withdrawn or
// past its day.
type RequestHeld struct {
	Asked     Asked        `json:"asked"`
	Effective Date         `json:"effective,omitzero"` // that it will take effect on
	Act       string       `json:"act"`                // the event that it will cause: FundAllocated
	About     string       `json:"about"`              // the subject of that event
	RaisedIn  int64        `json:"raisedin"`           // the appointment it was raised in
	Limit     Pence        `json:"limit"`              // of that appointment
	Worth     []FundPence  `json:"worth,omitzero"`     // what it is worth, by fund
	Judged    []FundPence  `json:"judged,omitzero"`    // with all that the officer did of the kind before
	Why       string       `json:"why"`
	Effect    []EffectLine `json:"effect,omitzero"`
	Digest    string       `json:"digest"` // of the effect: what is approved
	Takes     []Take       `json:"takes,omitzero"`
	Items     []SettleLine `json:"items,omitzero"` // what it would settle
	Expires   Date         `json:"expires"`        // the last day on which it can be approved
	Warnings  []string     `json:"warnings,omitzero"`
}

// FundPence is an amount of a fund.
type FundPence struct {
	Fund  FundCode `json:"fund"`
	Pence Pence    `json:"pence"`
}

// An EffectLine is what a request would do to an account, debit positive.
type EffectLine struct {
	Account     Account  `json:"account"`
	Fund        FundCode `json:"fund"`
	Payee       Body     `json:"payee,omitzero"`
	Beneficiary Body     `json:"beneficiary,omitzero"`
	Category    Category `json:"category,omitzero"`
	For         Service  `json:"for,omitzero"`
	Period      Period   `json:"period,omitzero"`
	Pence       Pence    `json:"pence"`
}

// String says an effect in a line, as refusals show it.
func (e EffectLine) String() string {
	text := fmt.Sprintf("%s %s of fund %s", e.Account, e.Pence, e.Fund)
	if e.Payee != "" {
		text += " to " + e.Payee.Bare()
	}
	text += forBeneficiary(Bucket{Beneficiary: e.Beneficiary, Category: e.Category})
	if e.For != "" {
		text += " for " + string(e.For)
	}
	if e.Period != "" {
		text += " in period " + string(e.Period)
	}
	return text
}

// A Take is money that a request would draw on.
type Take struct {
	Fund    FundCode `json:"fund"`
	Account Account  `json:"account"`
	Bucket
	Pence Pence `json:"pence"`
}

// Approve asks that a request be carried out. Digest is that of the effect which the approver was shown.
type Approve struct {
	Request int64  `json:"request"`
	Digest  string `json:"digest"`
}

// RequestApproved says who approved a request, in which appointment and up to which limit. What it caused follows in the
// same commit.
type RequestApproved struct {
	Request    int64       `json:"request"`
	Digest     string      `json:"digest"`
	ApprovedIn int64       `json:"approvedin"`
	Limit      Pence       `json:"limit"`
	Judged     []FundPence `json:"judged,omitzero"`
}

// Refuse asks that a request not be carried out.
type Refuse struct {
	Request int64  `json:"request"`
	Reason  string `json:"reason"`
}

// RequestRefused says why a request is not carried out.
type RequestRefused struct {
	Request int64  `json:"request"`
	Reason  string `json:"reason"`
}

// Withdraw asks that one's own request not be carried out.
type Withdraw struct {
	Request int64  `json:"request"`
	Reason  string `json:"reason"`
}

// RequestWithdrawn says why a request was withdrawn.
type RequestWithdrawn struct {
	Request int64  `json:"request"`
	Reason  string `json:"reason"`
}

// request is a command that waits for a second person, as deciding on it needs it. It keeps what was asked for as JSON: a
// state holds no interfaces.
type request struct {
	asked     string
	effective Date
	act       string
	about     string
	worth     []FundPence
	effect    []EffectLine
	digest    string
	takes     []Take
	items     []SettleLine
	expires   Date
	hands     []Hand
	ended     bool // approved, refused or withdrawn
}

// waits says that a request can still be approved on a day.
func (r *request) waits(d Date) bool { return !r.ended && d <= r.expires }

// command returns what was asked for.
func (r *request) command() Asked {
	var a Asked
	if err := json.Unmarshal([]byte(r.asked), &a); err != nil {
		panic("a held command that cannot be read: " + err.Error())
	}
	return a
}

func (l *Ledger) hold(r Recorded, e RequestHeld) {
	asked, err := json.Marshal(e.Asked)
	if err != nil {
		panic("a held command that cannot be written: " + err.Error())
	}
	set(&l.requests, r.Number, &request{
		asked: string(asked), effective: e.Effective, act: e.Act, about: e.About, worth: e.Worth, effect: e.Effect, digest: e.Digest, takes: e.Takes, items: e.Items,
		expires: e.Expires, hands: r.hands(),
	})
	l.waiting = append(l.waiting, r.Number)
}

func (l *Ledger) endRequest(number int64) {
	l.requests[number].ended = true
	l.waiting = slices.DeleteFunc(l.waiting, func(n int64) bool { return n == number })
}

// openRequest returns a request that can still be decided, or refuses.
func (l *Ledger) openRequest(number int64, m moment) (*request, error) {
	r, ok := l.requests[number]
	switch {
	case !ok:
		return nil, refuse(RuleRequestUnknown, "look for it: pcnledger show approvals", "event %d is no request", number)
	case r.ended:
		return nil, refuse(RuleRequestEnded, "see what became of it: pcnledger show approvals", "request %d is decided already", number)
	case !r.waits(m.today()):
		return nil, refuse(RuleRequestExpired, "raise it again", "request %d could be approved until %s", number, r.expires)
	}
	return r, nil
}

func (c Approve) decide(l *Ledger, m moment) (Event, error) {
	r, err := l.openRequest(c.Request, m)
	if err != nil {
		return nil, err
	}
	facts, err := l.reconsider(c.Request, r, m)
	if err != nil {
		return nil, err
	}
	effect := effectOf(facts, m.Number+1)
	if digest := digestOf(facts, effect); c.Digest != digest {
		return nil, r.changed(c, digest, facts, effect)
	}
	return RequestApproved{Request: c.Request, Digest: c.Digest}, nil
}

// changed refuses to approve what is not what was shown, and says what it was and what it is now.
func (r *request) changed(c Approve, digest string, facts []Fact, effect []EffectLine) error {
	refusal := refuse(RuleRequestChanged, "look at it again, and approve it with the digest "+digest+" if it is still right",
		"request %d would not do what you were shown: it is %s now%s%s", c.Request, describe(facts),
		listLines("; gone is ", without(r.effect, effect)), listLines("; new is ", without(effect, r.effect)))
	if r.digest == digest {
		refusal.Reason = fmt.Sprintf("the digest is not that of request %d, which is %s", c.Request, describe(facts))
	}
	for _, w := range r.worth {
		refusal.figure("shown, fund "+string(w.Fund), w.Pence)
	}
	for _, w := range worthOf(facts) {
		refusal.figure("now, fund "+string(w.Fund), w.Pence)
	}
	return refusal
}

// without lists the lines that are not among others.
func without(lines, others []EffectLine) []EffectLine {
	return slices.DeleteFunc(slices.Clone(lines), func(line EffectLine) bool { return slices.Contains(others, line) })
}

// mostListed is how many lines a refusal lists: who wants all of them looks at the request.
const mostListed = 6

func listLines(before string, lines []EffectLine) string {
	if len(lines) == 0 {
		return ""
	}
	var texts []string
	for _, line := range lines[:min(len(lines), mostListed)] {
		texts = append(texts, line.String())
	}
	if more := len(lines) - mostListed; more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return before + strings.Join(texts, ", ")
}

// describe says in a few words what facts do.
func describe(facts []Fact) string {
	last := facts[len(facts)-1].Event
	text := EventKindOf(last).Name + " of " + last.Subject()
	if in := facts[len(facts)-1].Period; in != "" {
		text += " in period " + string(in)
	}
	for _, w := range worthOf(facts) {
		text += ", " + w.Pence.String() + " of fund " + string(w.Fund)
	}
	return text
}

// reconsider decides a held command again, as if it were not held.
func (l *Ledger) reconsider(number int64, r *request, m moment) ([]Fact, error) {
	asked := r.command()
	if replace, is := asked.Command.(ReplaceEntry); is && replace.With.Effective == "" {
		replace.With.Effective = r.effective // the day it was asked on, not that of the approval
		asked.Command = replace
	}
	kind := KindOf(asked.Command)
	dated := r.effective
	if !kind.Money {
		dated = ""
	}
	again, err := l.moment(kind, asked.Command, dated, m.Stamp, m.look)
	if err != nil {
		return nil, err
	}
	again.Number, again.approving = m.Number+1, number
	again.holds = l.holdsBut(number, m.today())
	return l.consider(asked.Command, again)
}

func (c Refuse) decide(l *Ledger, m moment) (Event, error) {
	if _, err := l.openRequest(c.Request, m); err != nil {
		return nil, err
	}
	if err := checkText(c.Reason, "the reason", `"the plan is not agreed"`); err != nil {
		return nil, err
	}
	return RequestRefused(c), nil
}

func (c Withdraw) decide(l *Ledger, m moment) (Event, error) {
	r, err := l.openRequest(c.Request, m)
	if err != nil {
		return nil, err
	}
	if err := checkText(c.Reason, "the reason", `"asked for the wrong fund"`); err != nil {
		return nil, err
	}
	if officer, err := l.officers.acting(m.Stamp); err != nil || !slices.Contains(r.hands[0].officers(), officer) {
		return nil, refuse(RuleRequestOther, "have it refused (Refuse)", "request %d was raised by %s, who alone can withdraw it", c.Request, r.hands[0])
	}
	return RequestWithdrawn(c), nil
}

// holds is what waiting requests would take.
type holds struct {
	sides map[fundSide]Pence
	items map[ItemID]Pence
}

type fundSide struct {
	fund FundCode
	side side
}

// holdsBut adds up what the requests that wait on a day would take, all but one.
func (l *Ledger) holdsBut(number int64, d Date) (h holds) {
	for _, n := range l.waiting {
		r := l.requests[n]
		if n == number || !r.waits(d) {
			continue
		}
		for _, t := range r.takes {
			key := fundSide{t.Fund, side{t.Account, t.Bucket}}
			set(&h.sides, key, h.sides[key]+t.Pence)
		}
		if r.act == "PaymentRunReleased" {
			continue // its items are kept for the run already
		}
		for _, i := range r.items {
			set(&h.items, i.Item, h.items[i.Item]+i.Pence)
		}
	}
	return h
}

// heldClaims adds up what waiting approvals of claims would pay out of a network's sum.
func (l *Ledger) heldClaims(key sumKey, m moment) (sum Pence) {
	for _, n := range l.waiting {
		r := l.requests[n]
		if r.act != "ClaimApproved" || !r.waits(m.today()) || n == m.approving {
			continue
		}
		for _, line := range r.effect {
			if line.Account == Charged && line.Beneficiary == key.network && line.For.Year() == key.year && l.sumFor(key.year, line.Category) == key.sum {
				sum += line.Pence
			}
		}
	}
	return sum
}

// effectOf adds up what facts post, by what an approver has to see.
func effectOf(facts []Fact, number int64) []EffectLine {
	var lines []EffectLine
	at := map[EffectLine]int{}
	add := func(line EffectLine) {
		key := line
		key.Pence = 0
		if i, known := at[key]; known {
			lines[i].Pence += line.Pence
			return
		}
		at[key] = len(lines)
		lines = append(lines, line)
	}
	for i, f := range facts {
		r := Recorded{Stamp{Number: number + int64(i)}, f}
		for _, p := range Postings(r) {
			add(EffectLine{p.Account, p.Fund, p.Payee, p.Beneficiary, p.Category, p.For, p.Period, p.Pence})
		}
		for _, p := range plannedPostings(f.Event) {
			add(EffectLine{p.Account, p.Fund, p.Payee, p.Beneficiary, p.Category, p.For, p.Period, p.Pence})
		}
	}
	lines = slices.DeleteFunc(lines, func(line EffectLine) bool { return line.Pence == 0 })
	slices.SortFunc(lines, func(a, b EffectLine) int {
		return cmp.Or(cmp.Compare(a.Fund, b.Fund), cmp.Compare(a.Account.Order(), b.Account.Order()), cmp.Compare(a.Payee, b.Payee),
			cmp.Compare(a.Beneficiary, b.Beneficiary), cmp.Compare(a.Category, b.Category), cmp.Compare(a.For, b.For), cmp.Compare(a.Period, b.Period))
	})
	return lines
}

// plannedPostings are what a payment run will post once it is released: it is approved before. Taken back, it will not.
func plannedPostings(e Event) []Posting {
	switch e := e.(type) {
	case PaymentRunProposed:
		return Postings(Recorded{Fact: Fact{Event: e.released(0)}})
	case EntryReversed:
		planned := plannedPostings(e.Was.Event)
		for i := range planned {
			planned[i].Pence = -planned[i].Pence
		}
		return planned
	}
	return nil
}

// digestOf returns the lower-case hex SHA-256 of all that is approved: of what is posted, and of the facts with their dates
// and periods, for due dates, reasons, items and decisions are approved as well.
func digestOf(facts []Fact, effect []EffectLine) string {
	var text strings.Builder
	for _, line := range effect {
		fmt.Fprintf(&text, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\n", line.Account, line.Fund, line.Payee, line.Beneficiary, line.Category, line.For, line.Period, line.Pence)
	}
	for _, f := range facts {
		if replaced, is := f.Event.(EntryReplaced); is {
			replaced.By = 0 // its number is that under which the approval is recorded
			f.Event = replaced
		}
		data, err := json.Marshal(f.Event)
		if err != nil {
			panic("an event that cannot be written: " + err.Error())
		}
		fmt.Fprintf(&text, "%s\t%s\t%s\t%s\n", EventKindOf(f.Event).Name, f.Effective, f.Period, data)
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:])
}

// takesOf is what facts draw on, and which items they settle.
func takesOf(facts []Fact, number int64) (takes []Take, items []SettleLine) {
	net, sides := map[fundSide]Pence{}, []fundSide(nil)
	for i, f := range facts {
		r := Recorded{Stamp{Number: number + int64(i)}, f}
		for _, p := range Postings(r) {
			key := fundSide{p.Fund, side{p.Account, p.Bucket}}
			if _, known := net[key]; !known {
				sides = append(sides, key)
			}
			net[key] += p.Pence
		}
		for _, use := range ItemsUsed(r) {
			items = addUse(items, use)
		}
		if run, is := f.Event.(PaymentRunProposed); is {
			for _, use := range ItemsUsed(Recorded{Fact: Fact{Event: run.released(0)}}) {
				items = addUse(items, use)
			}
		}
	}
	for _, key := range sides {
		if drawable(key.side.account) && net[key] < 0 {
			takes = append(takes, Take{key.fund, key.side.account, key.side.bucket, -net[key]})
		}
	}
	return takes, items
}

// drawable says that money on an account can be drawn on by others.
func drawable(a Account) bool {
	return a == Unallocated || a == Allocated || a == Released || a == Lapsed
}

// addUse adds what is taken from an item; what is given back to it is not taken.
func addUse(items []SettleLine, use ItemUse) []SettleLine {
	var pence Pence
	for _, part := range use.Parts {
		pence += part.Pence
	}
	if pence <= 0 {
		return items
	}
	for i := range items {
		if items[i].Item == use.Item {
			items[i].Pence += pence
			return items
		}
	}
	return append(items, SettleLine{Item: use.Item, Pence: pence})
}

func (e RequestHeld) Subject() string      { return e.About }
func (e RequestApproved) Subject() string  { return requestSubject(e.Request) }
func (e RequestRefused) Subject() string   { return requestSubject(e.Request) }
func (e RequestWithdrawn) Subject() string { return requestSubject(e.Request) }

func requestSubject(number int64) string { return fmt.Sprintf("request/%d", number) }
