package reports

import (
	"fmt"
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

// statement is what a payee, or a network, is owed and was paid, line by line.
var statement = Definition{
	Name:  "statement",
	Title: "Statement",
	Line:  "one payee's or network's money: entitled, claimed, approved, paid, recovered, remaining, line by line",
	Takes: Takes{Payee: true, Network: true, PayeeOrNetwork: true},
	body: func(v *projections.Views, o Options) body {
		selected, lines := streamsOf(v, o), statementLines(v, o)
		return body{
			tables: []Table{
				streamTable(v, selected), remainingTable(v, selected), lineTable(v, lines), entitledOnTable(v, o), quotedRateTable(v, o),
			},
			notes:   slices.Concat([]string{statementSum(selected), statementTerms}, controlTerms(selected, lines), statementSources(v, o)),
			closing: statementTie(v, o, selected),
		}
	},
}

const statementTerms = "Approved is raised at a rate, approved of a claim, or released in advance. Recovered is to be paid back, received or " +
	"not. To come is the rest of the year at the newest list, of the network's sum for roles, or of what is set aside. Lines are for the " +
	"month of service; pcnledger explain opens the item of a line down to the lists and costs that it stands on: explain 57.3."

// controlTerms explain what not every statement has.
func controlTerms(selected []stream, lines []statementLine) []string {
	var notes []string
	sum := sumStreams(selected)
	if sum.inTransit != 0 {
		notes = append(notes, "In transit is released to the bank in a payment run and not known to have arrived: it is not paid yet.")
	}
	if sum.givenUp != 0 {
		notes = append(notes, "Written off is what was to be paid back and was given up as a loss.")
	}
	if slices.ContainsFunc(lines, func(l statementLine) bool { return l.what == takenBack }) {
		notes = append(notes, "An entry that was taken back stands twice, the second time with less than nothing, and neither counts; what took its "+
			"place is a line of its own.")
	}
	return notes
}

const nothingYet = "Nothing is due, claimed, set aside or paid here yet."

func sumStreams(selected []stream) (sum stream) {
	for _, s := range selected {
		sum.approved += s.approved
		sum.paid += s.paid
		sum.inTransit += s.inTransit
		sum.givenUp += s.givenUp
		sum.recovered += s.recovered
		sum.received += s.received
		sum.toCome += s.toCome
	}
	return sum
}

// statementSum opens the statement.
func statementSum(selected []stream) string {
	sum := sumStreams(selected)
	return fmt.Sprintf("Entitled %s - paid %s + recovered %s = remaining %s.", sum.entitled(), sum.paid, sum.recovered, sum.remaining())
}

func streamTable(v *projections.Views, selected []stream) Table {
	t := Table{
		Name: "streams", Title: "From what is entitled to what remains", Empty: nothingYet,
		Columns: columns(of(KindText, "stream", "title"), of(KindOrganisation, "network", "payee"),
			of(KindMoney, "entitled", "claimed", "approved", "paid", "recovered", "remaining")),
	}
	for _, s := range selected {
		var claimed Cell
		if s.claims {
			claimed = money(s.claimed)
		}
		t.row(text(s.name), text(s.title), organisation(v, s.network), organisation(v, s.payee), money(s.entitled()), claimed, money(s.approved),
			money(s.paid), money(s.recovered), money(s.remaining()))
	}
	t.total()
	return t
}

// remainingTable says what the last figure consists of, and what became of recoveries.
func remainingTable(v *projections.Views, selected []stream) Table {
	t := Table{
		Name: "remaining", Title: "What remains: to come, and to be paid; and what is to be paid back", Empty: nothingYet,
		Columns: columns(of(KindText, "stream"), of(KindOrganisation, "network", "payee"),
			of(KindMoney, "to come", "to be paid", "in transit", "remaining", "recovered", "received or netted", "written off", "to be paid back", "spent, reported")),
	}
	for _, s := range selected {
		t.row(text(s.name), organisation(v, s.network), organisation(v, s.payee), money(s.toCome), money(s.unpaid()), moneyIfAny(s.inTransit),
			money(s.remaining()), money(s.recovered), money(s.received), moneyIfAny(s.givenUp), money(s.owed()), moneyIfAny(s.spent))
	}
	t.leaveOut("in transit", "written off")
	t.total()
	return t
}

// statementTie compares the statement, which is made of items, with the balances, which are made of postings.
func statementTie(v *projections.Views, o Options, selected []stream) []string {
	sum := sumStreams(selected)
	var payables, receivables domain.Pence
	for _, b := range v.Balances.All() {
		switch {
		case !o.takes(b.Fund, b.Bucket):
		case b.Account == domain.Payables:
			payables -= b.Balance()
		case b.Account == domain.Receivables:
			receivables += b.Balance()
		}
	}
	if payables != sum.unpaid() || receivables != sum.owed() {
		return []string{fmt.Sprintf("DOES NOT AGREE: to be paid %s and to be paid back %s here; payables are %s and receivables %s in the "+
			"balances. Stop and run: pcnledger replay", sum.unpaid(), sum.owed(), payables, receivables)}
	}
	transit := ""
	if sum.inTransit != 0 {
		transit = fmt.Sprintf(" + in transit %s", sum.inTransit)
	}
	return []string{fmt.Sprintf("Remaining %s = to come %s + to be paid %s%s. To be paid is the balance of payables; to be paid back, %s, is "+
		"that of receivables.", sum.remaining(), sum.toCome, sum.unpaid(), transit, sum.owed())}
}

// statementSources says who is nominated, and by what, on whose behalf the statement is.
func statementSources(v *projections.Views, o Options) []string {
	var notes []string
	for _, n := range v.Registry.Nominations() {
		if (o.Payee != "" && n.Payee != o.Payee) || (o.Network != "" && n.Network != o.Network) {
			continue
		}
		note := fmt.Sprintf("From %s %s is paid for %s: %s", n.From, organisationOf(v, n.Payee), organisationOf(v, n.Network), n.Source.Title)
		if n.Source.Note != "" {
			note += " (" + n.Source.Note + ")"
		}
		notes = append(notes, note+".")
	}
	return notes
}

// entitledOnTable lists the lists that the statement's amounts are due on.
func entitledOnTable(v *projections.Views, o Options) Table {
	quoted := map[int64]bool{}
	for _, e := range v.Entitlements.All() {
		for _, r := range e.Raised {
			if (o.Payee == "" || r.Payee == o.Payee) && (o.Network == "" || e.Beneficiary == o.Network) {
				quoted[r.List] = true
			}
		}
	}
	t := listTable(v, func(l projections.List) bool { return quoted[l.Number] })
	t.Title, t.Empty = "Lists that it is due on", "No amount here is due on a list."
	return t
}

// quotedRateTable lists the rates and maxima that the statement rests on.
func quotedRateTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "rates", Title: "Rates that it is due at", Empty: "No amount here is due at a rate.",
		Columns: columns(of(KindText, "year", "rate", "title", "amount"), of(KindDate, "from", "to"), of(KindText, "standing", "source", "document"),
			of(KindNumber, "event")),
	}
	quoted := map[rateName]bool{}
	for _, e := range v.Entitlements.All() {
		if o.takesEntitlement(e) {
			quoted[rateName{e.Year, e.Rate}] = true
		}
	}
	for _, c := range v.Claims.All() {
		for _, line := range c.Approval.Lines {
			if o.takesClaim(v, c) {
				quoted[rateName{c.Month.Year(), line.Role}] = true
			}
		}
	}
	for _, r := range v.Rates.All() {
		if quoted[rateName{r.Year, r.Rate.Rate}] {
			t.row(text(r.Year), text(r.Rate.Rate), text(r.Title), text(pounds(r.Amount)), date(r.From), date(r.To), text(r.Standing), text(r.Source),
				text(r.Document.Title), number(r.Number))
		}
	}
	return t
}

type rateName struct {
	year domain.Year
	rate domain.RateCode
}

func (o Options) takesClaim(v *projections.Views, c projections.Claim) bool {
	return (o.Payee == "" || claimPayee(v, c) == o.Payee) && (o.Network == "" || c.Network == o.Network)
}
