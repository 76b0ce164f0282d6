package reports

import (
	"cmp"
	"slices"

	"pcnledger/domain"
	"pcnledger/projections"
)

var claims = Definition{
	Name:  "claims",
	Title: "Claims for reimbursed roles",
	Line:  "each claim with its state, its dates and its days in each state, and how each post's part was come by",
	Takes: Takes{Network: true},
	body: func(v *projections.Views, o Options) body {
		selected := claimsOf(v, o)
		return body{
			tables: []Table{claimTable(v, selected), claimDayTable(v, selected), claimHandTable(selected), claimLineTable(v, selected)},
			notes: []string{
				"A claim goes by the number of the event that submitted it. Submitted and decided are London dates of recording; paid is " +
					"the date of the payment.",
				"Days count from submission to the decision, and from the approval to the last payment; while a claim waits, to the date " +
					"of the last event.",
				lateNote,
			},
		}
	},
}

const lateNote = "A claim is late if it was submitted more than a month after the end of its month."

const claimFirst = "Nothing is claimed. Engage roles (EngageRole) and record the claims of each month (SubmitClaim)."

func claimsOf(v *projections.Views, o Options) []projections.Claim {
	var selected []projections.Claim
	for _, c := range v.Claims.All() {
		if o.Network == "" || c.Network == o.Network {
			selected = append(selected, c)
		}
	}
	return selected
}

func claimTable(v *projections.Views, selected []projections.Claim) Table {
	t := Table{
		Name: "claims", Title: "Claims", Empty: claimFirst,
		Columns: columns(of(KindText, "claim"), of(KindOrganisation, "network"), of(KindText, "month", "reference", "state"),
			of(KindMoney, "claimed", "approved", "paid", "recovered"), of(KindText, "reason")),
	}
	for _, c := range selected {
		t.row(text(claimName(c)), organisation(v, c.Network), text(c.Month), text(c.Reference), text(c.State()), money(c.Cost()),
			money(c.Approval.Pence()), money(c.Paid), money(c.Recovered()), text(c.Reason))
	}
	t.total()
	return t
}

func claimName(c projections.Claim) string { return numbers([]int64{c.Number}) }

func claimDayTable(v *projections.Views, selected []projections.Claim) Table {
	t := Table{
		Name: "dates", Title: "When, and how long in each state", Empty: claimFirst,
		Columns: columns(of(KindText, "claim", "month", "state"), of(KindDate, "submitted", "decided"), of(KindNumber, "decided by event"),
			of(KindDate, "due", "last paid"), of(KindCount, "days to decision", "days to payment"), of(KindText, "late", "item")),
	}
	for _, c := range selected {
		ages := c.Ages(v.Ledger.Date())
		var toPayment Cell
		if c.Approval.Pence() > 0 {
			toPayment = Count(ages.ToPayment)
		}
		t.row(text(claimName(c)), text(c.Month), text(c.State()), date(c.Submitted), date(c.Decided), number(c.Decision), date(c.Approval.Due),
			date(c.LastPaid()), Count(ages.ToDecision), toPayment, text(late(c)), text(c.Item))
	}
	return t
}

// claimHandTable has a row for everything that somebody did with a claim, where who that was, or a question, is recorded.
func claimHandTable(selected []projections.Claim) Table {
	t := Table{
		Name: "hands", Title: "Who submitted, queried, verified and decided", Empty: "No claim is queried or verified, and no officer has had one in hand.",
		Columns: columns(of(KindText, "claim", "month"), of(KindNumber, "event"), of(KindDate, "on"), of(KindText, "what", "by", "approved by", "words")),
	}
	for _, c := range selected {
		if c.By.Raised == "" && c.DecidedBy.Raised == "" && len(c.Queries) == 0 && c.Verified.Number == 0 {
			continue
		}
		for _, step := range claimSteps(c) {
			t.row(text(claimName(c)), text(c.Month), number(step.number), date(step.on), text(step.what), text(step.by.Raised), text(step.by.Approved),
				text(step.words))
		}
	}
	return t
}

// A claimStep is one thing that was done with a claim.
type claimStep struct {
	number int64
	on     domain.Date
	what   string
	by     projections.Hands
	words  string
}

// claimSteps are in the order of recording. Of a claim whose approval was taken back, the approval is in the corrections.
func claimSteps(c projections.Claim) []claimStep {
	steps := []claimStep{{c.Number, c.Submitted, "submitted", c.By, c.Reference}}
	for _, q := range c.Queries {
		steps = append(steps, claimStep{q.Number, q.On, "queried", projections.Hands{Raised: q.By}, q.Question})
	}
	if k := c.Verified; k.Number != 0 {
		steps = append(steps, claimStep{k.Number, k.On, "verified", projections.Hands{Raised: k.By}, k.Evidence})
	}
	if c.Decision != 0 {
		what := "approved"
		if c.State() == projections.ClaimIsRejected {
			what = "rejected"
		}
		steps = append(steps, claimStep{c.Decision, c.Decided, what, c.DecidedBy, c.Reason})
	}
	slices.SortStableFunc(steps, func(a, b claimStep) int { return cmp.Compare(a.number, b.number) })
	return steps
}

func late(c projections.Claim) string {
	if c.Late() {
		return "late"
	}
	return ""
}

// claimLineTable has a row for each post of each claim.
func claimLineTable(v *projections.Views, selected []projections.Claim) Table {
	t := Table{
		Name: "lines", Title: "Post by post", Empty: claimFirst, Detail: true,
		Columns: columns(of(KindText, "claim"), of(KindOrganisation, "network"), of(KindText, "month", "person", "role", "WTE", "how"),
			of(KindMoney, "cost", "part", "maximum", "approved", "recovered")),
	}
	for _, c := range selected {
		for _, line := range c.Lines {
			approved := approvedLine(c, line.Person)
			role, wte, how := approved.Role, "", ""
			if post, ok := v.Roles.InPost(line.Person, c.Network, c.Month); ok {
				role, wte = post.Role, post.WTE()
			}
			var part, maximum, pence Cell
			if approved.Person != "" {
				how, part, maximum, pence = approved.Words(), money(approved.Part), money(approved.Maximum), money(approved.Pence)
			}
			t.row(text(claimName(c)), organisation(v, c.Network), text(c.Month), text(line.Person), text(role), text(wte), text(how),
				money(line.Total()), part, maximum, pence, moneyIfAny(c.RecoveredFor(line.Person)))
		}
	}
	t.total()
	return t
}

// approvedLine returns what was approved for a person; nothing while nothing is.
func approvedLine(c projections.Claim, person domain.Person) domain.ApprovedLine {
	for _, line := range c.Approval.Lines {
		if line.Person == person {
			return line
		}
	}
	return domain.ApprovedLine{}
}
