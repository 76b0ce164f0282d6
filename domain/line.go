package domain

// resolvedLine is a line of a command with its defaults filled in and its share spread: one beneficiary, one amount.
type resolvedLine struct {
	Bucket
	Pence Pence
	Shared
	asked int // where it stands in the command, from 0
}

// lineRule says what a command asks of its lines.
type lineRule struct {
	payee      bool // each must name a payee
	category   bool // each must name a category
	anyService bool // a line without a time of service means any, not the whole year
	past       bool // bodies that were succeeded may be named: what they were paid in advance stands under them
}

// resolve checks a command's lines against the fund and the registry and spreads the shared ones.
func (l *Ledger) resolve(f *fundState, lines []Line, on Date, rule lineRule) ([]resolvedLine, []string, error) {
	if err := checkLines(len(lines)); err != nil {
		return nil, nil, err
	}
	var resolved []resolvedLine
	var warnings []string
	shares := &sharer{ledger: l, on: on, past: rule.past}
	for i, line := range lines {
		parts, warned, err := l.resolveLine(f, line, shares, rule)
		if err != nil {
			return nil, nil, onLine(i, err)
		}
		for _, part := range parts {
			part.asked = i
			resolved = append(resolved, part)
		}
		warnings = addWarnings(warnings, warned)
	}
	return resolved, warnings, nil
}

func (l *Ledger) resolveLine(f *fundState, line Line, shares *sharer, rule lineRule) ([]resolvedLine, []string, error) {
	if err := checkAmount(line.Pence, "the amount"); err != nil {
		return nil, nil, err
	}
	bucket, err := l.resolveBucket(f, line.Bucket, shares.on, rule)
	if err != nil {
		return nil, nil, err
	}
	one := resolvedLine{Bucket: bucket, Pence: line.Pence}
	if line.Share == nil {
		return []resolvedLine{one}, nil, nil
	}
	if line.Beneficiary != "" {
		return nil, nil, refuse(RuleShareAndOne, "leave out the beneficiary, or the share",
			"the line names beneficiary %s and is shared over networks as well", line.Beneficiary.Bare())
	}
	return shares.spread(one, *line.Share)
}

// resolveBucket checks who and what a line is for, and gives it the fund's year where it names no time of service.
func (l *Ledger) resolveBucket(f *fundState, b Bucket, on Date, rule lineRule) (Bucket, error) {
	if rule.past {
		on = ""
	}
	if b.Payee != "" {
		if err := l.registry.current(b.Payee, "the payee", on); err != nil {
			return b, err
		}
	} else if rule.payee {
		return b, refuse(RulePayeeMissing, "name who is paid", "the payee is missing")
	}
	if b.Beneficiary != "" {
		if err := l.registry.knownAs(b.Beneficiary, "the beneficiary", KindNetwork, KindArea); err != nil {
			return b, err
		}
		if err := l.registry.current(b.Beneficiary, "the beneficiary", on); err != nil {
			return b, err
		}
	}
	if err := f.checkCategory(b.Category, rule.category); err != nil {
		return b, err
	}
	if b.For == "" && !rule.anyService {
		b.For = f.service()
	}
	return b, f.checkService(b.For)
}

// addWarnings appends the warnings that are not there yet.
func addWarnings(warnings, more []string) []string {
	for _, w := range more {
		seen := false
		for _, known := range warnings {
			seen = seen || known == w
		}
		if !seen {
			warnings = append(warnings, w)
		}
	}
	return warnings
}

func sumLines(lines []resolvedLine) (sum Pence) {
	for _, line := range lines {
		sum += line.Pence
	}
	return sum
}
