package domain

import (
	"cmp"
	"slices"
	"strings"
)

// The rules of changing a rate.
const (
	RuleRateDates    Rule = "rate-dates"         // a day outside a rate's period, or within a month
	RuleRateSplit    Rule = "rate-split-unknown" // published as the total of several rates
	RuleOverride     Rule = "override-not-local"
	RuleOverrideDate Rule = "override-too-early"
)

// localVariations is the day from which commissioners may vary entitlements and roles of the Network Contract locally: the
// specification of 2026/27 was issued again on 30 April 2026 with variation agreements from 1 May (Pulse PCN and
// ockham.healthcare on Local Variation Agreements, 2026).
const localVariations Date = "2026-05-01"

// ReviseRate asks that an adopted rate be paid at another amount from a day on, which may be before what was raised
// already: as a card prints it (edition), or as a document says (amount, document). Nothing is posted: what the revision
// makes of months that were raised is shown and posted by AdjustEntitlement, and for claims by ClaimUplift.
//
// It holds to the end of the rate's period. Of several versions that cover a day the one recorded last is paid, so a
// revision also takes the place of what the commissioner overrode from its first day on: to keep the local amount it is
// overridden again.
type ReviseRate struct {
	Year     Year     `json:"year"`
	Rate     RateCode `json:"rate"`
	Area     CostArea `json:"area,omitzero"`
	From     Date     `json:"from,omitzero"`    // the first day of a month; that of the rate's period if not given
	Edition  string   `json:"edition,omitzero"` // of the card: September 2024
	Amount   string   `json:"amount,omitzero"`  // or in pounds
	Percent  string   `json:"percent,omitzero"` // of a role, if that changes
	Reason   string   `json:"reason"`
	Document Source   `json:"document,omitzero"` // what the officer relies on, where the card does not say it or is less than secondary
}

// OverrideRate asks that an adopted rate be paid at the commissioner's own amount from a day on, as a local variation of
// the contract lets it since 1 May 2026: every practice agrees, and the whole comes to more than the national terms. That
// it does is for the agreement to show; the ledger does not know what else the commissioner invests.
type OverrideRate struct {
	Year      Year     `json:"year"`
	Rate      RateCode `json:"rate"`
	Area      CostArea `json:"area,omitzero"`
	From      Date     `json:"from"`        // the first day of a month
	To        Date     `json:"to,omitzero"` // the last day of one; that of the rate's period if not given
	Amount    string   `json:"amount"`      // in pounds, for the rate's whole period
	Percent   string   `json:"percent,omitzero"`
	Reason    string   `json:"reason"`
	Agreement Source   `json:"agreement"`
}

// A RateChange says what a rate is paid at from a day on, and the number of the version it takes the place of.
type RateChange struct {
	Year   Year     `json:"year"`
	Rate   RateCode `json:"rate"`
	Area   CostArea `json:"area,omitzero"`
	From   Date     `json:"from"`
	To     Date     `json:"to"`
	Was    int64    `json:"was"`
	Before string   `json:"before"` // the amount that it was
	Now    Rate     `json:"now"`
	Reason string   `json:"reason"`
}

// RateRevised says that a rate is paid at another amount.
type RateRevised struct{ RateChange }

// RateOverridden says that the commissioner pays its own amount.
type RateOverridden struct{ RateChange }

func (c ReviseRate) decide(l *Ledger, _ moment) (Event, error) {
	if err := checkText(c.Reason, "the reason", `"the specification was issued again"`); err != nil {
		return nil, err
	}
	printed, err := c.printed()
	if err != nil {
		return nil, err
	}
	from := cmp.Or(c.From, printed.From)
	was, from, err := l.versionFrom(rateKey{c.Year, c.Rate}, c.Area, from)
	if err != nil {
		return nil, err
	}
	now := was.rate
	now.Percent = cmp.Or(printed.Percent, now.Percent)
	now.Amount = cmp.Or(printed.Amount, now.Amount)
	now.Edition, now.Use, now.Source, now.Standing, now.Note = printed.Edition, UseRevision, printed.Source, printed.Standing, printed.Note
	now.Document = c.Document
	change, err := l.change(was, now, from, min(cmp.Or(printed.To, now.To), now.To), c.Reason)
	if err != nil {
		return nil, err
	}
	return RateRevised{change}, nil
}

// printed is what a revision rests on: a line of the card, or what the officer read in a document.
func (c ReviseRate) printed() (Rate, error) {
	if err := c.refuseTotal(); err != nil {
		return Rate{}, err
	}
	if c.Edition == "" {
		return c.documented()
	}
	if c.Amount != "" || c.Percent != "" {
		return Rate{}, refuse(RuleRateForm, "give the edition of the card, or the amount and its document", "the revision of rate %s names an edition and an amount", c.Rate)
	}
	var editions []string
	for _, r := range cards()[c.Year] {
		if r.Rate != c.Rate || r.Area != c.Area || r.Use != UseRevision {
			continue
		}
		if r.Edition == c.Edition && (c.From == "" || r.From <= c.From && c.From <= r.To) {
			return r, r.relyOn(c.Document)
		}
		editions = append(editions, r.Edition)
	}
	known := "it has none"
	if len(editions) > 0 {
		known = "it has " + strings.Join(editions, ", ")
	}
	return Rate{}, refuse(RuleRateUnknown, "give the amount with the document that says it, or name an edition of the card: "+known,
		"the card of %s has no revision %q of rate %s%s", c.Year, c.Edition, c.Rate, inArea(c.Area))
}

// documented is an amount that the officer read. The ledger has not seen the document: it stands as unverified.
func (c ReviseRate) documented() (Rate, error) {
	if c.Amount == "" && c.Percent == "" {
		return Rate{}, refuse(RuleRateForm, "give the edition of the card, or the amount and its document", "the revision of rate %s gives no amount", c.Rate)
	}
	if c.Amount != "" {
		if err := checkPounds(c.Amount, "the amount"); err != nil {
			return Rate{}, err
		}
	}
	if !c.Document.given() {
		return Rate{}, refuse(RuleRateStanding, "give the document that says what is to be paid (document: title, address)",
			"the amount of rate %s of %s is in no card, and the revision names no document", c.Rate, c.Year)
	}
	return Rate{Amount: c.Amount, Percent: c.Percent, Standing: StandingUnverified}, nil
}

// refuseTotal refuses an edition that was published as a total of several rates only.
func (c ReviseRate) refuseTotal() error {
	if c.Edition == "" {
		return nil
	}
	for _, r := range cards()[c.Year] {
		if r.Of != "" && r.Edition == c.Edition && (r.Rate == c.Rate || slices.Contains(strings.Fields(r.Of), string(c.Rate))) {
			return r.splitUnknown()
		}
	}
	return nil
}

// splitUnknown refuses a rate that was published as the total of several.
func (r Rate) splitUnknown() error {
	return refuse(RuleRateSplit, "revise each part when a source gives the split (ReviseRate with amount and document)",
		"%s of %s (%s) was published as a total of £%s; how much of it is %s was not found", r.Title, r.Year, r.Edition, r.Amount, strings.Join(strings.Fields(r.Of), " and how much "))
}

func (c OverrideRate) decide(l *Ledger, _ moment) (Event, error) {
	if err := checkText(c.Reason, "the reason", `"local variation agreement of the nine practices"`); err != nil {
		return nil, err
	}
	if err := checkText(c.Agreement.Title, "the agreement's title", `"Local Variation Agreement of 12 May 2026"`); err != nil {
		return nil, err
	}
	if err := checkPounds(c.Amount, "the amount"); err != nil {
		return nil, err
	}
	if c.From == "" {
		return nil, refuse(RuleRateDates, "give the day from which the commissioner pays its own amount (from)", "the override of rate %s has no first day", c.Rate)
	}
	was, from, err := l.versionFrom(rateKey{c.Year, c.Rate}, c.Area, c.From)
	if err != nil {
		return nil, err
	}
	if err := c.checkLocal(); err != nil {
		return nil, err
	}
	now := was.rate
	now.Amount, now.Percent = c.Amount, cmp.Or(c.Percent, now.Percent)
	now.Edition, now.Use, now.Note = "local variation", "", ""
	// The agreement is the primary text of what it agrees.
	now.Source, now.Standing, now.Document = c.Agreement.Title, StandingPrimary, c.Agreement
	change, err := l.change(was, now, from, cmp.Or(c.To, now.To), c.Reason)
	if err != nil {
		return nil, err
	}
	return RateOverridden{change}, nil
}

// checkLocal refuses to override what is not a national rate, and before the contract let it be varied.
func (c OverrideRate) checkLocal() error {
	if !onCard(c.Year, c.Rate) {
		return refuse(RuleOverride, "revise it (ReviseRate)", "rate %s of %s is the commissioner's own: there are no national terms to vary", c.Rate, c.Year)
	}
	if c.From < localVariations {
		return refuse(RuleOverrideDate, "override it from "+localVariations.String()+" on; a rate that was published again is revised (ReviseRate)",
			"rate %s of %s is overridden from %s; the contract can be varied locally from %s on", c.Rate, c.Year, c.From, localVariations)
	}
	return nil
}

// versionFrom returns the version of an adopted rate that is in force on a day from which it is to change, and the day:
// that of the rate's period if none is given.
func (l *Ledger) versionFrom(key rateKey, area CostArea, from Date) (rateVersion, Date, error) {
	if _, err := l.adopted(key.year, key.code); err != nil {
		return rateVersion{}, "", err
	}
	periods := l.periodsOf(key, area)
	if from == "" && len(periods) == 1 {
		from = periods[0].From
	}
	if from == "" && len(periods) > 1 {
		return rateVersion{}, "", refuse(RuleRateDates, "give the day from which it changes (from)", "rate %s of %s has several periods%s: %s", key.code, key.year, inArea(area), spans(periods))
	}
	v, ok := l.rateOn(key, area, from)
	if !ok {
		return v, "", refuse(RuleRateDates, "give a day within its period, or adopt the rate for it (AdoptRateCard)", "rate %s of %s%s is not adopted for %s: %s",
			key.code, key.year, inArea(area), cmp.Or(from.String(), "any day"), cmp.Or(spans(periods), "not at all"))
	}
	if from != monthOf(from).First() {
		return v, "", refuse(RuleRateDates, "give the 1st of a month: a month is paid at the rate of its 1st", "rate %s of %s would change on %s, within a month", key.code, key.year, from)
	}
	return v, from, nil
}

// change is one version of a rate taking the place of another, or a refusal of it.
func (l *Ledger) change(was rateVersion, now Rate, from, to Date, reason string) (RateChange, error) {
	if to < from || to > now.To || to != monthOf(to).Last() {
		return RateChange{}, refuse(RuleRateDates, "give the last day of a month, up to "+now.To.String(), "rate %s of %s would change from %s to %s", now.Rate, now.Year, from, to)
	}
	if now.Unit == UnitRoles {
		return RateChange{}, refuse(RuleRateKind, "revise the maxima of the roles", "%s of %s is worked out from the maxima of the roles; its amount is only what was printed", now.Rate, now.Year)
	}
	if err := now.checkPercent(); err != nil {
		return RateChange{}, err
	}
	key := rateKey{now.Year, now.Rate}
	if l.paidThroughout(key, now, from, to) {
		return RateChange{}, ErrUnchanged
	}
	return RateChange{Year: now.Year, Rate: now.Rate, Area: now.Area, From: from, To: to, Was: was.number, Before: was.rate.Amount, Now: now, Reason: reason}, nil
}

// paidThroughout says that the same amount and percentage are in force already in all months from a day to another.
func (l *Ledger) paidThroughout(key rateKey, now Rate, from, to Date) bool {
	for _, month := range now.Months() {
		if month.First() < from || month.First() > to {
			continue
		}
		v, ok := l.rateOn(key, now.Area, month.First())
		if !ok || !v.rate.amount().Equal(now.amount()) || v.rate.Percent != now.Percent {
			return false
		}
	}
	return true
}

// periodsOf lists the periods for which a rate is adopted for an area, the earliest first.
func (l *Ledger) periodsOf(key rateKey, area CostArea) (periods []Rate) {
	for _, v := range l.rates[key] {
		if v.rate.Area == area && !slices.ContainsFunc(periods, func(r Rate) bool { return r.From == v.rate.From }) {
			periods = append(periods, v.rate)
		}
	}
	slices.SortFunc(periods, func(a, b Rate) int { return cmp.Compare(a.From, b.From) })
	return periods
}

// spans prints the periods of rates.
func spans(rates []Rate) string {
	var texts []string
	for _, r := range rates {
		texts = append(texts, r.From.String()+" to "+r.To.String())
	}
	return strings.Join(texts, ", ")
}
