package domain

import "slices"

// RedistributeUnclaimed asks that what networks expect to leave unclaimed of their sums be claimed by others. Who gives it
// up loses the right to it. It moves no money: what was set aside moves by MoveAllocation. Until 2023/24 the contract
// provided for it; the card says so of each year's sum.
type RedistributeUnclaimed struct {
	Year     Year                 `json:"year"`
	Sum      RateCode             `json:"sum"` // ARRS_SUM
	Decision Decision             `json:"decision"`
	Lines    []RedistributionLine `json:"lines"`
}

// A RedistributionLine is what one network gives up and another may claim. Estimate is what the first said that it would
// leave unclaimed.
type RedistributionLine struct {
	From     Body  `json:"from"`
	To       Body  `json:"to"`
	Estimate Pence `json:"estimate"`
	Pence    Pence `json:"pence"`
}

// UnclaimedRedistributed says whose sums changed.
type UnclaimedRedistributed struct {
	Year     Year                 `json:"year"`
	Sum      RateCode             `json:"sum"`
	Decision Decision             `json:"decision"`
	Lines    []RedistributionLine `json:"lines"`
}

// The rules of redistribution.
const (
	RuleSumNotShared       Rule = "sum-not-shared"
	RuleRedistributionLine Rule = "redistribution-line"
	RuleRedistributionOver Rule = "redistribution-over-sum"
)

func (c RedistributeUnclaimed) decide(l *Ledger, m moment) (Event, error) {
	rate, err := l.adopted(c.Year, c.Sum)
	if err != nil {
		return nil, err
	}
	if rate.Kind != RateNetworkSum {
		return nil, refuse(RuleRateKind, "name a network's sum, such as ARRS_SUM", "rate %s (%s) is no sum of a network", rate.Rate, rate.Title)
	}
	if !rate.Shared {
		return nil, refuse(RuleSumNotShared, "leave what is unclaimed: it lapses on 31 March", "what a network leaves unclaimed of %s of %s cannot be claimed by another%s", c.Sum, c.Year, lastShared(c.Sum, c.Year))
	}
	if err := c.Decision.complete(); err != nil {
		return nil, err
	}
	if c.Decision.Date > m.today() {
		return nil, refuse(RuleDecisionLater, "record it on the day of the decision or later", "%s decided on %s; today is %s", c.Decision.Body, c.Decision.Date, m.today())
	}
	if err := checkLines(len(c.Lines)); err != nil {
		return nil, err
	}
	given, receives := map[Body]Pence{}, map[Body]bool{}
	for _, line := range c.Lines {
		receives[line.To] = true
	}
	seen := map[[2]Body]bool{}
	for i, line := range c.Lines {
		if receives[line.From] {
			return nil, onLine(i, refuse(RuleRedistributionLine, "have it only give, or only receive", "%s both gives and receives", line.From.Bare()))
		}
		if seen[[2]Body{line.From, line.To}] {
			return nil, onLine(i, refuse(RuleRedistributionLine, "add the two lines up to one", "%s gives to %s in two lines", line.From.Bare(), line.To.Bare()))
		}
		seen[[2]Body{line.From, line.To}] = true
		given[line.From] += line.Pence
		if err := l.checkRedistribution(c, line, given[line.From], m); err != nil {
			return nil, onLine(i, err)
		}
	}
	return UnclaimedRedistributed(c), nil
}

// checkRedistribution refuses more than the giver said that it would leave unclaimed, or more than is left of its sum.
func (l *Ledger) checkRedistribution(c RedistributeUnclaimed, line RedistributionLine, given Pence, m moment) error {
	if err := l.registry.knownAs(line.From, "the network that gives", KindNetwork); err != nil {
		return err
	}
	if err := l.registry.knownAs(line.To, "the network that receives", KindNetwork); err != nil {
		return err
	}
	if err := checkAmount(line.Pence, "what is given"); err != nil {
		return err
	}
	if given > line.Estimate {
		return refuse(RuleRedistributionOver, "give at most what the network said that it would leave unclaimed", "%s estimates to leave %s unclaimed; %s was to be given", line.From.Bare(), line.Estimate, given).
			figure("estimate", line.Estimate).figure("given", given)
	}
	left, err := l.freeOfSum(sumKey{line.From, c.Year, c.Sum}, m)
	if err != nil {
		return err
	}
	if line.Estimate > left {
		return refuse(RuleRedistributionOver, "correct the estimate: the rest is approved, asked for or given already", "%s has %s left of %s for %s; its estimate of %s is more",
			line.From.Bare(), max(0, left), c.Sum, c.Year, line.Estimate).figure("left of the sum", left).figure("estimate", line.Estimate)
	}
	if _, err := l.SumOf(line.To, c.Year, c.Sum); err != nil {
		return err
	}
	return nil
}

// lastShared says until when the contract let what is unclaimed of a sum be given to others, if that is over.
func lastShared(sum RateCode, year Year) string {
	var last Year
	for _, y := range sortedKeys(cards()) {
		if slices.ContainsFunc(cards()[y], func(r Rate) bool { return r.Rate == sum && r.Shared }) {
			last = y
		}
	}
	if last == "" || year < last {
		return ": the contract does not provide for it"
	}
	return ": the contract no longer provides for it; it did until " + string(last)
}

func (g *Grounds) redistribute(e UnclaimedRedistributed) {
	for _, line := range e.Lines {
		from, to := sumKey{line.From, e.Year, e.Sum}, sumKey{line.To, e.Year, e.Sum}
		set(&g.redistributed, from, g.redistributed[from]-line.Pence)
		set(&g.redistributed, to, g.redistributed[to]+line.Pence)
	}
}
