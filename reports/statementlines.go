package reports

import (
	"cmp"
	"fmt"
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

// A statementLine is one thing that happened, to money for one time of service.
type statementLine struct {
	service        domain.Service
	on             domain.Date
	number         int64
	item           domain.ItemID
	stream         string
	network, payee domain.Body
	what, how      string

	claimed, approved, spent, paid, inTransit, recovered, received, givenUp domain.Pence
}

// takenBack is what a line is that takes another back.
const takenBack = "taken back"

// lineTable has every line of a statement, by month of service and then in the order of recording. Its totals are those
// of the streams; claims that were rejected stand beside, with their cost in words.
func lineTable(v *projections.Views, lines []statementLine) Table {
	t := Table{
		Name: "lines", Title: "Line by line", Empty: nothingYet,
		Columns: columns(of(KindText, "for"), of(KindDate, "date"), of(KindNumber, "event"), of(KindText, "item", "stream"),
			of(KindOrganisation, "network", "payee"), of(KindText, "what", "how"),
			of(KindMoney, "claimed", "approved", "spent", "in transit", "paid", "recovered", "received or netted", "written off")),
	}
	for _, line := range lines {
		t.row(text(line.service), date(line.on), number(line.number), text(line.item), text(line.stream), organisation(v, line.network),
			organisation(v, line.payee), text(line.what), text(line.how), moneyIfAny(line.claimed), moneyIfAny(line.approved),
			moneyIfAny(line.spent), moneyIfAny(line.inTransit), moneyIfAny(line.paid), moneyIfAny(line.recovered), moneyIfAny(line.received),
			moneyIfAny(line.givenUp))
	}
	t.leaveOut("in transit", "written off")
	t.total()
	return t
}

func statementLines(v *projections.Views, o Options) []statementLine {
	adjusted := adjustedParts(v)
	lines := slices.Concat(raisedLines(v, adjusted), claimLines(v), itemLines(v, adjusted), spentLines(v))
	lines = slices.DeleteFunc(lines, func(l statementLine) bool {
		return (o.Payee != "" && l.payee != o.Payee) || (o.Network != "" && l.network != o.Network)
	})
	addCorrections(v, lines)
	slices.SortStableFunc(lines, func(a, b statementLine) int {
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.number, b.number))
	})
	return lines
}

// addCorrections says of entries that were taken back, and of those that took their place, that they are.
func addCorrections(v *projections.Views, lines []statementLine) {
	instead := map[int64]int64{}
	for _, c := range v.Corrections.All() {
		if c.ReplacedBy != 0 {
			instead[c.ReplacedBy] = c.Entry
		}
	}
	for i := range lines {
		line := &lines[i]
		if of := instead[line.number]; of != 0 {
			line.how = andThen(line.how, fmt.Sprintf("in the place of entry %d", of))
		}
		line.how = andThen(line.how, correctionWords(v, line.number))
	}
}

func andThen(words, more string) string {
	if words == "" || more == "" {
		return words + more
	}
	return words + "; " + more
}

// raisedLines are what runs made payable, month by month.
func raisedLines(v *projections.Views, adjusted adjustedItems) []statementLine {
	var lines []statementLine
	for _, e := range v.Entitlements.All() {
		rate, _ := v.Rates.Rate(e.Year, e.Rate)
		for _, r := range e.Raised {
			line := statementLine{
				service: r.For, on: r.Effective, number: r.Number, item: r.Item, stream: rateStream(e.Year, e.Rate),
				network: e.Beneficiary, payee: r.Payee, what: "due", approved: r.Pence,
			}
			if words := adjusted.words(v, r.Item, r.For); words != "" {
				line.what, line.how = "adjusted", words
			} else {
				line.how = raisedWords(rate, r)
			}
			if e.Practice != "" && e.Practice != r.Payee {
				line.how = fmt.Sprintf("for %s: %s", organisationOf(v, e.Practice), line.how)
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// adjustedItems are the items of adjustments, each with the line that it is.
type adjustedItems map[domain.ItemID]adjustedItem

type adjustedItem struct {
	year domain.Year
	rate domain.RateCode
	domain.AdjustmentLine
}

func adjustedParts(v *projections.Views) adjustedItems {
	items := adjustedItems{}
	for _, a := range v.Entitlements.Adjustments() {
		for at, line := range a.Lines {
			items[a.Item(at)] = adjustedItem{a.Year, a.Rate, line}
		}
	}
	return items
}

// words is the arithmetic of what an adjustment made of a month: was £1.50 a head, is £1.48 a head, both versions named;
// nothing of an item that is no adjustment's.
func (items adjustedItems) words(v *projections.Views, item domain.ItemID, month domain.Service) string {
	of := items[item]
	rate, _ := v.Rates.Rate(of.year, of.rate)
	for _, part := range of.Parts {
		if part.For != month {
			continue
		}
		way := "more"
		if of.Of != "" {
			way = "less"
		}
		return fmt.Sprintf("%s; %s %s for %s", domain.AdjustedWords(rate.By(part.Was.Rate), rate.By(part.Now.Rate), part), part.Pence, way, monthName(month))
	}
	return ""
}

// claimedLines are what a claim asked for: an uplift for each of its months.
func claimedLines(c projections.Claim, line statementLine) []statementLine {
	var lines []statementLine
	for _, month := range c.Months() {
		line.service, line.claimed, line.how = month, 0, c.Reference
		for _, post := range c.Lines {
			if c.MonthOf(post) == month {
				line.claimed += post.Total()
			}
		}
		if c.Uplift {
			line.what, line.how = "uplift claimed", fmt.Sprintf("%s: the rise of %s", c.Reference, monthName(month))
		}
		if c.State() == projections.ClaimIsRejected {
			line.how, line.claimed = fmt.Sprintf("%s; %s, rejected", line.how, line.claimed), 0
		}
		lines = append(lines, line)
	}
	return lines
}

// claimLines are what was claimed, and what was decided on it, post by post.
func claimLines(v *projections.Views) []statementLine {
	var lines []statementLine
	for _, c := range v.Claims.All() {
		line := statementLine{
			service: c.Month, on: c.Submitted, number: c.Number, stream: arrsStream(c.Month.Year()), network: c.Network,
			payee: claimPayee(v, c), what: "claimed",
		}
		lines = append(lines, claimedLines(c, line)...)
		line.number, line.on, line.claimed = c.Decision, c.Decided, 0
		if c.State() == projections.ClaimIsRejected {
			line.what, line.how = "rejected", fmt.Sprintf("claim %d: %s", c.Number, c.Reason)
			lines = append(lines, line)
		}
		for _, post := range c.Approval.Lines {
			line.what, line.item, line.on, line.approved = "approved", c.Item, c.Effective, post.Pence
			line.how = fmt.Sprintf("claim %d, %s %s: %s", c.Number, post.Role, post.Person, post.Words())
			if line.service = c.Month; post.For != "" {
				line.service = post.For
				line.how = fmt.Sprintf("uplift %d, %s %s, %s: %s", c.Number, post.Role, post.Person, monthName(post.For), post.Words())
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// itemLines are what opened and what settled items, but for the payables of runs and claims that stand, which have lines of
// their own.
func itemLines(v *projections.Views, adjusted adjustedItems) []statementLine {
	var lines []statementLine
	brought := broughtForward(v)
	for _, i := range v.Items.All() {
		name, _ := streamOf(v, i)
		line := statementLine{item: i.ID, stream: name, network: i.Beneficiary, payee: i.Payee}
		if i.Account == domain.Receivables || (i.Rate == "" && i.Claim == 0) || i.Used(projections.UseReversed) != 0 {
			opened := openedLines(v, i, line, adjusted)
			for n := range opened {
				if brought[i.Number] {
					opened[n].what = "brought forward"
				}
			}
			lines = append(lines, opened...)
		}
		for _, use := range i.Uses {
			lines = append(lines, useLines(i, use, line)...)
		}
	}
	return lines
}

// broughtForward are the numbers of the events that brought balances in from another ledger.
func broughtForward(v *projections.Views) map[int64]bool {
	brought := map[int64]bool{}
	for _, e := range v.Journal.All() {
		if e.Event == "BalancesOpened" {
			brought[e.Number] = true
		}
	}
	return brought
}

// openedLines say how an item came to be, by time of service.
func openedLines(v *projections.Views, i projections.Item, line statementLine, adjusted adjustedItems) []statementLine {
	line.on, line.number, line.how = i.Effective, i.Number, i.Reason
	switch {
	case i.Recovers != "":
		line.what = "recovered"
		line.how = "of item " + string(i.Recovers) + ": " + recoveryHow(v, i)
	case i.Account == domain.Receivables:
		line.what = "called back"
	case i.Rate != "":
		line.what = "due"
	case i.Claim != 0:
		line.what = "approved"
	case i.Advance:
		line.what = "released"
	default:
		line.what = "spent on evidence"
	}
	var lines []statementLine
	for _, part := range i.Parts {
		line.service = part.For
		if words := adjusted.words(v, i.ID, part.For); words != "" {
			line.how = words
			if i.Recovers != "" {
				line.how = "of item " + string(i.Recovers) + ": " + words
			}
		}
		if i.Account == domain.Payables {
			line.approved = part.Pence
		} else {
			line.recovered = part.Pence
		}
		lines = append(lines, line)
	}
	return lines
}

func recoveryHow(v *projections.Views, i projections.Item) string {
	claim, _ := v.Claims.Claim(i.Claim)
	for _, r := range claim.Recoveries {
		if r.Item == i.ID {
			return recoveryWords(claim, r.RecoveryRaised)
		}
	}
	return i.Reason
}

// useLines are a payment and its way through the bank, a receipt, a netting, a loss, what need not be paid back after all, and
// all of it taken back.
func useLines(i projections.Item, use projections.ItemUse, line statementLine) []statementLine {
	line.on, line.number, line.what, line.how = use.Effective, use.Number, string(use.Kind), use.Reference
	switch {
	case use.TakesBack != 0:
		line.what = takenBack
	case use.Kind == projections.UseInTransit && use.Pence() < 0:
		line.what = "in transit no more"
	}
	var lines []statementLine
	for _, part := range use.Parts {
		line.service = part.For
		switch use.Kind {
		case projections.UsePaid:
			line.paid = part.Pence
		case projections.UseReceived, projections.UseNetted:
			line.received = part.Pence
		case projections.UseSpent:
			line.recovered = -part.Pence
		case projections.UseInTransit, projections.UseFailed:
			line.inTransit = part.Pence
		case projections.UseWrittenOff:
			line.givenUp = part.Pence
		case projections.UseReversed:
			if i.Account == domain.Payables {
				line.approved = -part.Pence
			} else {
				line.recovered = -part.Pence
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// spentLines are what was reported as spent, of funds that pay in advance.
func spentLines(v *projections.Views) []statementLine {
	var lines []statementLine
	for _, e := range v.Journal.All() {
		if e.Account != domain.Expenditure {
			continue
		}
		if f, _ := v.Funds.Fund(e.Fund); f.Basis == domain.BasisAdvance {
			lines = append(lines, statementLine{
				service: e.For, on: e.Effective, number: e.Number, stream: string(e.Fund), network: e.Beneficiary, payee: e.Payee,
				what: spentWhat(e), how: spentWords(e), spent: e.Pence,
			})
		}
	}
	return lines
}

// spentWhat says what charged a fund that pays in advance.
func spentWhat(e projections.Entry) string {
	switch e.Event {
	case "AccrualPosted":
		return "accrued"
	case "JournalPosted", "BalancesOpened":
		return "entered by hand"
	case "ReceivableWrittenOff":
		return "spent as a loss"
	case "EntryReversed":
		return takenBack
	}
	return "spent, reported"
}

func spentWords(e projections.Entry) string {
	if e.Category == "" {
		return e.Text
	}
	return e.Text + ": " + string(e.Category)
}
