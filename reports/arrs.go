package reports

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

// arrs is the position of the Additional Roles Reimbursement Scheme, in the layout of the evidence that commissioners gave
// to draw central money down: month by month and network by network, with the posts behind it.
var arrs = Definition{
	Name:  "arrs",
	Title: "Additional roles: the reimbursement position",
	Line:  "reimbursed roles by network and month: claimed, approved, WTE, and how much of the sum is used",
	Takes: Takes{Network: true, Year: true},
	body: func(v *projections.Views, o Options) body {
		selected := claimsOf(v, o)
		x := indexClaims(v, selected)
		sums := sumsOf(v, o, x)
		return body{
			tables: []Table{
				usedTable(v, o, x, sums), claimMonthTable(v, o, x), wteTable(v, o, selected), attentionTable(v, selected), listSumTable(v, sums),
				redistributedTable(v, o), networkSumTable(v, o),
			},
			notes: []string{
				"Unclaimed is what is left of the sum. To come is an estimate: what waits for its decision, and the months after the last that is " +
					"claimed at the level of that month. Unclaimed in the end is what that leaves, and an estimate too.",
				"Claimed is what the posts cost by the claims that are not rejected; approved is what is reimbursed of it, before recoveries.",
				"The sum is the most that a network can be reimbursed in the year; used is what is approved and not recovered.",
				"WTE is contracted hours ÷ 37.5, or sessions ÷ 9, of the persons claimed for the month.",
				lateNote,
			},
			closing: sumChecks(v),
		}
	},
}

// arrsYears lists the years for which roles can be claimed, or were; or only the year that was asked for.
func arrsYears(v *projections.Views, o Options) []domain.Year {
	return slices.DeleteFunc(allArrsYears(v), func(year domain.Year) bool { return o.Year != "" && year != o.Year })
}

func allArrsYears(v *projections.Views) []domain.Year {
	var years []domain.Year
	for _, r := range v.Rates.All() {
		if r.Kind == domain.RateReimbursedRole || r.Kind == domain.RateNetworkSum {
			years = append(years, r.Year)
		}
	}
	for _, c := range v.Claims.All() {
		for _, month := range c.Months() {
			years = append(years, month.Year())
		}
	}
	slices.Sort(years)
	return slices.Compact(years)
}

// claimants lists the networks that can claim in a year: they have a nominated payee, an engaged role or a claim.
func claimants(v *projections.Views, year domain.Year) []domain.Body {
	var all []domain.Body
	for _, n := range v.Registry.Nominations() {
		if n.From <= year.Last() {
			all = append(all, n.Network)
		}
	}
	for _, e := range v.Roles.All() {
		if e.In(domain.Service(year)) {
			all = append(all, e.Network)
		}
	}
	for _, c := range v.Claims.All() {
		if c.Month.Year() == year {
			all = append(all, c.Network)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// waits says that a claim waits for its decision: submitted, queried or verified.
func waits(c projections.Claim) bool {
	switch c.State() {
	case projections.ClaimWaiting, projections.ClaimQueried, projections.ClaimVerified:
		return true
	}
	return false
}

// usedTable says how much of its sums each network used, and what it will leave if it goes on as in the last month that it
// claimed.
func usedTable(v *projections.Views, o Options, x claimIndex, sums []networkSum) Table {
	t := Table{
		Name: "used", Title: "What is used of each network's sum", Empty: adoptRolesFirst,
		Columns: columns(of(KindOrganisation, "network"), of(KindText, "year", "sum"),
			of(KindMoney, "the sum", "claimed", "approved", "recovered", "used", "unclaimed"), of(KindText, "% used", "last claimed"),
			of(KindMoney, "to come (estimate)", "unclaimed in the end (estimate)"), of(KindCount, "claims waiting", "claims late"), of(KindText, "why there is no sum")),
	}
	var sum, used domain.Pence
	for _, n := range sums {
		s, last := x.bySum[n.sumOfNetwork], x.last[n.sumOfNetwork]
		var most, left, toCome, unclaimed Cell
		if n.err == nil {
			most, left = money(n.Pence), money(n.Pence-s.used())
			sum, used = sum+n.Pence, used+s.used()
		}
		if last.month != "" {
			more := s.undecided + domain.Pence(monthsLeft(n.year, last.month))*last.pence
			toCome = money(more)
			if n.err == nil {
				unclaimed = money(n.Pence - s.used() - more)
			}
		}
		t.row(organisation(v, n.network), text(n.year), text(n.sum), most, money(s.claimed), money(s.approved), money(s.recovered), money(s.used()),
			left, text(percentage(s.used(), n.Pence)), text(last.month), toCome, unclaimed, Count(s.waiting), Count(s.late), text(n.why()))
	}
	if t.total(); len(t.Totals) > 0 {
		t.Totals[0][9] = text(percentage(used, sum))
		if slices.ContainsFunc(t.Rows, func(row []Cell) bool { return row[12] == nil }) {
			t.Totals[0][12] = nil // it is not estimated of every sum
		}
	}
	t.leaveOut("why there is no sum")
	return t
}

// monthsLeft counts the months of a year after one.
func monthsLeft(year domain.Year, month domain.Service) (n int64) {
	for m := 1; m <= 12; m++ {
		if domain.Service(fmt.Sprintf("%s/M%02d", year, m)) > month {
			n++
		}
	}
	return n
}

const adoptRolesFirst = "No reimbursed role can be claimed yet. Adopt the maxima of a year's card (AdoptRateCard) and nominate payees " +
	"(NominatePayee)."

// claimMonths are the months for which the roles of a year can be claimed, or were: the columns of a table, by name.
func claimMonths(v *projections.Views) []string {
	var months []string
	add := func(month domain.Service) { months = append(months, string(month[len(month.WholeYear())+1:])) }
	for _, r := range v.Rates.All() {
		if r.Kind == domain.RateReimbursedRole {
			for _, month := range r.Months() {
				add(month)
			}
		}
	}
	for _, c := range v.Claims.All() {
		for _, month := range c.Months() {
			add(month)
		}
	}
	slices.Sort(months)
	return slices.Compact(months)
}

// claimMonthTable has two rows for each network: what it claimed, and what was approved of that, month by month.
func claimMonthTable(v *projections.Views, o Options, x claimIndex) Table {
	months := claimMonths(v)
	t := Table{
		Name: "by-month", Title: "By month", Empty: claimFirst,
		Columns: columns(of(KindOrganisation, "network"), of(KindText, "year", "what"), of(KindMoney, months...), of(KindMoney, "in all")),
	}
	byWhat := map[string][][]Cell{}
	for _, year := range arrsYears(v, o) {
		for _, network := range claimants(v, year) {
			claimed, approved := monthCells(x, network, year, months)
			for _, row := range []struct {
				what  string
				cells []Cell
			}{{"claimed", claimed}, {"approved", approved}} {
				if len(row.cells) > 0 {
					t.Rows = append(t.Rows, append([]Cell{organisation(v, network), text(year), text(row.what)}, row.cells...))
					byWhat[row.what] = append(byWhat[row.what], t.Rows[len(t.Rows)-1])
				}
			}
		}
	}
	for _, what := range []string{"claimed", "approved"} {
		if len(byWhat[what]) > 1 {
			total := t.sum("total", byWhat[what])
			total[2] = Words(what)
			t.Totals = append(t.Totals, total)
		}
	}
	return t
}

// monthCells has a cell for each month and one for all; none at all for a network that claimed nothing.
func monthCells(x claimIndex, network domain.Body, year domain.Year, months []string) (claimed, approved []Cell) {
	var all claimSums
	for _, month := range months {
		s := x.byMonth[networkMonth{network, domain.Service(string(year) + "/" + month)}]
		all = all.plus(s)
		claimed, approved = append(claimed, moneyIfAny(s.claimed)), append(approved, moneyIfAny(s.approved))
	}
	if all.claimed == 0 && all.approved == 0 {
		return nil, nil
	}
	return append(claimed, money(all.claimed)), append(approved, money(all.approved))
}

// A wteKey is a role of a network in a year.
type wteKey struct {
	year    domain.Year
	network domain.Body
	role    domain.RateCode
}

// wteTable has the posts behind the claims that are not rejected, and each role's over all networks.
func wteTable(v *projections.Views, o Options, selected []projections.Claim) Table {
	months := claimMonths(v)
	t := Table{
		Name: "wte", Title: "Whole-time equivalents claimed", Empty: claimFirst,
		Columns: columns(of(KindOrganisation, "network"), of(KindText, "year", "role"), of(KindText, months...)),
	}
	posts := map[wteKey]map[string]*big.Rat{}
	for _, c := range selected {
		if c.State() == projections.ClaimIsRejected || c.Uplift || o.Year != "" && c.Month.Year() != o.Year {
			continue
		}
		for _, line := range c.Lines {
			post, ok := v.Roles.InPost(line.Person, c.Network, c.Month, line.Role)
			if !ok {
				continue
			}
			month := string(c.Month[len(c.Month.WholeYear())+1:])
			addPost(posts, wteKey{c.Month.Year(), c.Network, post.Role}, month, post.Whole())
			addPost(posts, wteKey{c.Month.Year(), "", post.Role}, month, post.Whole())
		}
	}
	for _, key := range sortedPosts(posts) {
		cells := []Cell{organisation(v, key.network), text(key.year), text(key.role)}
		for _, month := range months {
			cells = append(cells, wteCell(posts[key][month]))
		}
		if key.network == "" {
			cells[0] = Words("total")
			t.Totals = append(t.Totals, cells)
		} else {
			t.Rows = append(t.Rows, cells)
		}
	}
	return t
}

func wteCell(wte *big.Rat) Cell {
	if wte == nil {
		return nil
	}
	return Words(wte.FloatString(2))
}

func addPost(posts map[wteKey]map[string]*big.Rat, key wteKey, month string, wte *big.Rat) {
	if posts[key] == nil {
		posts[key] = map[string]*big.Rat{}
	}
	if posts[key][month] == nil {
		posts[key][month] = new(big.Rat)
	}
	posts[key][month].Add(posts[key][month], wte)
}

func sortedPosts(posts map[wteKey]map[string]*big.Rat) []wteKey {
	return slices.SortedFunc(maps.Keys(posts), func(a, b wteKey) int {
		return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(a.network, b.network), cmp.Compare(a.role, b.role))
	})
}

// attentionTable lists the claims that wait for a decision or for payment, and those that came late.
func attentionTable(v *projections.Views, selected []projections.Claim) Table {
	t := Table{
		Name: "attention", Title: "Claims that wait, or came late", Empty: "No claim waits, and none came late.",
		Columns: columns(of(KindText, "claim"), of(KindOrganisation, "network"), of(KindText, "month", "uplift", "reference", "state"),
			of(KindDate, "submitted"), of(KindCount, "days waiting"), of(KindText, "late"), of(KindMoney, "claimed", "approved", "paid")),
	}
	for _, c := range selected {
		ages := c.Ages(v.Ledger.Date())
		var waiting Cell
		switch c.State() {
		case projections.ClaimWaiting, projections.ClaimQueried, projections.ClaimVerified:
			waiting = Count(ages.ToDecision)
		case projections.ClaimIsApproved, projections.ClaimPartlyPaid:
			if c.Approval.Pence() > 0 {
				waiting = Count(ages.ToPayment)
			}
		}
		if waiting != nil || c.Late() {
			t.row(text(claimName(c)), organisation(v, c.Network), text(c.Month), text(upliftWords(c)), text(c.Reference), text(c.State()), date(c.Submitted),
				waiting, text(late(c)), money(c.Cost()), money(c.Approval.Pence()), money(c.Paid))
		}
	}
	t.leaveOut("uplift")
	return t
}

// networkSumTable shows how the sum is made up.
func networkSumTable(v *projections.Views, o Options) Table {
	t := Table{
		Name: "sum", Title: "How the sum of a network is made up of the maxima of its roles", Empty: noSumOfRoles,
		Columns: columns(of(KindText, "year", "role", "title", "maximum a year"), of(KindCount, "months"), of(KindText, "standing"),
			of(KindMoney, "in its months")),
	}
	for _, year := range arrsYears(v, o) {
		if !isSumOfRoles(v, year) {
			continue
		}
		var rows [][]Cell
		for _, r := range v.Rates.Roles(year) {
			t.row(text(year), text(r.Rate.Rate), text(r.Title), text(pounds(r.Amount)), Count(len(r.Months())), text(r.Standing), money(r.InPeriod()))
			rows = append(rows, t.Rows[len(t.Rows)-1])
		}
		if len(rows) > 0 {
			computed := t.sum("computed "+string(year), rows)
			computed[len(computed)-1] = money(v.Rates.NetworkSum(year)) // rounded once, not row by row
			t.Totals = append(t.Totals, computed)
		}
		for _, r := range printedSums(v, year) {
			t.Totals = append(t.Totals, t.sum("printed: "+string(r.Rate.Rate.Rate), [][]Cell{{nil, nil, nil, nil, nil, nil, Money(r.printed)}}))
		}
	}
	return t
}

// A printedSum is an adopted row of a card that prints the sum of a network.
type printedSum struct {
	projections.Rate
	printed domain.Pence
}

func printedSums(v *projections.Views, year domain.Year) []printedSum {
	var sums []printedSum
	for _, r := range v.Rates.All() {
		if r.Year != year || r.Kind != domain.RateNetworkSum || r.Unit != domain.UnitRoles {
			continue
		}
		if amount, ok := new(big.Rat).SetString(r.Amount); ok {
			amount.Mul(amount, big.NewRat(100, 1))
			sums = append(sums, printedSum{r, domain.Pence(new(big.Int).Quo(amount.Num(), amount.Denom()).Int64())})
		}
	}
	return sums
}

// sumChecks compares what is computed with what the card prints, to whole pounds.
func sumChecks(v *projections.Views) []string {
	var sentences []string
	for _, year := range allArrsYears(v) {
		for _, r := range printedSums(v, year) {
			computed := v.Rates.NetworkSum(year)
			says := "agrees to whole pounds"
			if (computed+50)/100 != r.printed/100 {
				says = "DOES NOT AGREE"
			}
			sentences = append(sentences, fmt.Sprintf("The sum of one network in %s is %s, computed; the card prints %s (%s): %s.",
				year, computed, r.printed, r.Source, says))
		}
	}
	return sentences
}
