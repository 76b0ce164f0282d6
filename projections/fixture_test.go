package projections_test

import (
	"time"

	"pcnledger/domain"
	"pcnledger/projections"
)

// The £600,000 in small: two payees and two networks, with the totals of the real case. Confirmed 400,000 and 200,000;
// allocated 450,000; released and paid 200,000; spent 120,000; called back and received 10,000; closed on 31 March 2019
// with 70,000 of advances called back and 480,000 lapsed. Five thousand of the trust's allocation moves from the north
// to the city, and the federation reports 10,000 under another purpose than its advance.
const (
	fund        = domain.FundCode("NR-PCN-2018")
	year        = domain.Service("2018-19")
	ccg         = domain.Body("ods:10Q")
	federation  = domain.Body("local:FED-A")
	trust       = domain.Body("local:TRUST-B")
	north       = domain.Body("local:NET-1")
	city        = domain.Body("local:NET-2")
	development = domain.Category("organisational development")
	workforce   = domain.Category("workforce")
)

// pounds are whole pounds in pence.
func pounds(n int64) domain.Pence { return domain.Pence(n * 100) }

// A history is events in the making.
type history struct{ events []domain.Recorded }

// record appends a fact that moves no money, and returns its number.
func (h *history) record(day domain.Date, e domain.Event) int64 {
	at, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		panic(err)
	}
	number := int64(len(h.events) + 1)
	stamp := domain.Stamp{Number: number, Time: at.Add(10 * time.Hour), Actor: "finance", Auth: "demo"}
	h.events = append(h.events, domain.Recorded{Stamp: stamp, Fact: domain.Fact{Event: e}})
	return number
}

// post appends a fact that moves money on the day it is recorded.
func (h *history) post(day domain.Date, e domain.Event) int64 {
	number := h.record(day, e)
	h.events[number-1].Effective, h.events[number-1].Period = day, domain.PeriodOf(day)
	return number
}

func fold(events []domain.Recorded) *projections.Views {
	views := projections.NewViews()
	for _, r := range events {
		views.Apply(r)
	}
	return views
}

func bucket(payee, beneficiary domain.Body, category domain.Category) domain.Bucket {
	return domain.Bucket{Payee: payee, Beneficiary: beneficiary, Category: category, For: year}
}

// A part is one network's part of a shared amount.
type part struct {
	network domain.Body
	domain.Shared
	pence domain.Pence
}

// shared spreads pence over the two networks by their lists.
func shared(pence domain.Pence) []part {
	const northern, urban = 30_001, 19_998
	split := domain.Split(pence, []domain.Weight{{Code: string(north), Amount: northern}, {Code: string(city), Amount: urban}})
	return []part{
		{north, domain.Shared{List: listNumber, Patients: northern}, split[0]},
		{city, domain.Shared{List: listNumber, Patients: urban}, split[1]},
	}
}

func draw(account domain.Account, b domain.Bucket, pence domain.Pence) domain.Draw {
	return domain.Draw{Account: account, Bucket: b, Pence: pence}
}

// allocated are the lines of a shared allocation.
func allocated(payee domain.Body, category domain.Category, pence domain.Pence) []domain.AllocationLine {
	var lines []domain.AllocationLine
	for _, p := range shared(pence) {
		lines = append(lines, domain.AllocationLine{Bucket: bucket(payee, p.network, category), Pence: p.pence, Shared: p.Shared})
	}
	return lines
}

// drawn are the lines of a shared release or spend, each with one draw on the payee's money for that network.
func drawn(payee domain.Body, category domain.Category, pence domain.Pence, from domain.Account, under domain.Category) []domain.DrawnLine {
	var lines []domain.DrawnLine
	for _, p := range shared(pence) {
		lines = append(lines, domain.DrawnLine{
			Bucket: bucket(payee, p.network, category), Pence: p.pence, Shared: p.Shared,
			Draws: []domain.Draw{draw(from, bucket(payee, p.network, under), p.pence)},
		})
	}
	return lines
}

// calledBack is one line of a call-back, drawn on one advance.
func calledBack(payee, network domain.Body, category domain.Category, pence domain.Pence, due domain.Date) domain.CallBackLine {
	return domain.CallBackLine{
		Payee: payee, Beneficiary: network, Pence: pence, Due: due,
		Draws: []domain.Draw{draw(domain.Released, bucket(payee, network, category), pence)},
	}
}

// settled pays or receives a whole item of the year.
func settled(item domain.ItemID, payee, network domain.Body, pence domain.Pence) domain.SettledLine {
	return domain.SettledLine{
		Item: item, Fund: fund, Payee: payee, Beneficiary: network, Pence: pence,
		Parts: []domain.Part{{For: year, Pence: pence}},
	}
}

// listNumber is the number of the list that the money is shared by.
const listNumber = 11

func sixHundredThousand() []domain.Recorded {
	h := &history{}
	registry(h)
	funding(h)
	advances(h)
	spending(h)
	closing(h)
	progress(h)
	return h.events
}

func registry(h *history) {
	const day = "2019-01-02"
	h.record(day, domain.LedgerCreated{Ledger: "oxfordshire", Commissioner: ccg, Name: "Oxfordshire CCG", Kind: domain.KindDemo})
	h.record(day, domain.BodyRegistered{Body: federation, Kind: domain.KindFederation, Name: "First Federation", From: "2014-04-01"})
	h.record(day, domain.BodyRegistered{Body: trust, Kind: domain.KindTrust, Name: "Community Trust"})
	h.record(day, domain.BodyRegistered{Body: north, Kind: domain.KindNetwork, Name: "North Network"})
	h.record(day, domain.BodyRegistered{Body: city, Kind: domain.KindNetwork, Name: "City Network"})
	h.record(day, domain.BodyRegistered{Body: "ods:X00001", Kind: domain.KindPractice, Name: "Mill Street Surgery"})
	h.record(day, domain.BodyRegistered{Body: "ods:X00002", Kind: domain.KindPractice})
	h.record(day, domain.BodyRegistered{Body: "ods:X00003", Kind: domain.KindPractice})
	source := domain.Source{Title: "Practices and networks", File: "members.csv"}
	h.record(day, domain.MembershipRecorded{Network: north, Source: source, Members: []domain.Member{{Practice: "ods:X00001", From: "2019-01-01"}}})
	h.record(day, domain.MembershipRecorded{Network: city, Source: source, Members: []domain.Member{
		{Practice: "ods:X00002", From: "2019-01-01"}, {Practice: "ods:X00003", From: "2019-01-01", To: "2019-01-31"},
	}})
	h.record(day, domain.ListSizesRecorded{
		Population: domain.PopulationRegistered, Average: "2019-20", StandsFor: "2019-01-01",
		Source: domain.Source{Title: "Average lists 2019/20", File: "lists.csv", Note: "not known at the time"},
		Lines: []domain.ListLine{
			{Practice: "ods:X00001", Patients: 30_001, Published: "30000.75"}, {Practice: "ods:X00002", Patients: 19_998},
		},
	})
	h.record(day, domain.BodySucceeded{
		Body: "ods:X00003", Date: "2019-02-01", Reason: "the practices merged",
		Successors: []domain.Successor{{Body: "ods:X00002", Share: 1, Of: 1}},
	})
}

func funding(h *history) {
	h.record("2019-01-03", domain.FundOpened{Terms: domain.Terms{
		Fund: fund, Title: "Network development", Year: "2018-19", From: "2018-04-01", To: "2019-03-31",
		Cover: domain.CoverHard, Basis: domain.BasisAdvance, Categories: []domain.Category{development, workforce},
		Source: domain.Source{Title: "Locality paper, December 2018"},
	}})
	h.post("2019-01-03", domain.FundingConfirmed{
		Fund: fund, For: year, Pence: pounds(400_000), Title: "first tranche", Source: domain.Source{Title: "Letter 1"},
	})
	h.post("2019-01-10", domain.FundingConfirmed{
		Fund: fund, For: year, Pence: pounds(200_000), Title: "second tranche", Source: domain.Source{Title: "Letter 2"},
	})
	decision := domain.Decision{Body: "Executive Committee", Date: "2019-01-14", Paper: "Paper 7"}
	h.post("2019-01-15", domain.FundAllocated{Fund: fund, Decision: decision, Lines: append(
		allocated(federation, development, pounds(270_000)), allocated(trust, workforce, pounds(180_000))...)})
	h.post("2019-01-16", domain.AllocationMoved{
		Fund: fund, Decision: decision, Reason: "the city starts first",
		Lines: []domain.MoveLine{{From: bucket(trust, north, workforce), To: bucket(trust, city, workforce), Pence: pounds(5_000)}},
	})
}

func advances(h *history) {
	lines := append(drawn(federation, development, pounds(120_000), domain.Allocated, development),
		drawn(trust, workforce, pounds(80_000), domain.Allocated, workforce)...)
	released := domain.FundsReleased{
		Fund: fund, Reason: "mobilisation", Due: "2019-02-17", Lines: lines, Warnings: []string{"one practice has no list"},
	}
	if number := h.post("2019-01-18", released); number != 18 {
		panic("the release is meant to be event 18, for its items")
	}
	h.post("2019-01-25", domain.PaymentSettled{Reference: "BACS 4711", Lines: []domain.SettledLine{
		settled("18.1", federation, north, lines[0].Pence), settled("18.2", federation, city, lines[1].Pence),
		settled("18.3", trust, north, lines[2].Pence), settled("18.4", trust, city, lines[3].Pence),
	}})
}

func spending(h *history) {
	h.post("2019-03-01", domain.SpendRecorded{Fund: fund, Reference: "returns of February", Lines: append(append(
		drawn(federation, development, pounds(70_000), domain.Released, development),
		drawn(federation, workforce, pounds(10_000), domain.Released, development)...),
		drawn(trust, workforce, pounds(40_000), domain.Released, workforce)...)})
	parts := shared(pounds(10_000))
	number := h.post("2019-03-08", domain.AdvanceCalledBack{
		Fund: fund, Reason: "a post was not filled", ReturnsTo: domain.Allocated, Lines: []domain.CallBackLine{
			calledBack(trust, north, workforce, parts[0].pence, "2019-04-07"),
			calledBack(trust, city, workforce, parts[1].pence, "2019-04-07"),
		},
	})
	if number != 21 {
		panic("the call-back is meant to be event 21, for its items")
	}
	h.post("2019-03-20", domain.ReceiptRecorded{Reference: "RCT 12", Lines: []domain.SettledLine{
		settled("21.1", trust, north, parts[0].pence), settled("21.2", trust, city, parts[1].pence),
	}})
}

func closing(h *history) {
	e := domain.FundClosed{Fund: fund, Reason: "end of the year"}
	e.Lapsed = append(e.Lapsed, draw(domain.Unallocated, domain.Bucket{For: year}, pounds(150_000)))
	back := func(payee domain.Body, category domain.Category, advanced, spent, returned, unreleased int64) {
		for i, network := range []domain.Body{north, city} {
			outstanding := shared(pounds(advanced))[i].pence - shared(pounds(spent))[i].pence - shared(pounds(returned))[i].pence
			e.CalledBack = append(e.CalledBack, calledBack(payee, network, category, outstanding, "2019-04-30"))
			left := shared(pounds(unreleased))[i].pence - shared(pounds(advanced))[i].pence +
				shared(pounds(returned))[i].pence + outstanding
			if payee == trust { // whose 5,000 moved to the city
				left += []domain.Pence{-pounds(5_000), pounds(5_000)}[i]
			}
			e.Lapsed = append(e.Lapsed, draw(domain.Allocated, bucket(payee, network, category), left))
		}
	}
	back(federation, development, 120_000, 80_000, 0, 270_000)
	back(trust, workforce, 80_000, 40_000, 10_000, 180_000)
	h.post("2019-03-31", e)
}

func progress(h *history) {
	const day = "2019-04-01"
	const matrix = "pcn-maturity-2018"
	h.record(day, domain.FrameworkAdopted{Framework: domain.Framework{
		Code: matrix, Title: "PCN maturity matrix", From: "2018-09-01", Levels: []string{"foundations", "step 1", "step 2", "step 3"},
		Areas: []domain.Area{{Area: "right scale"}, {Area: "integrated working"}}, Source: domain.Source{Title: "The matrix"},
	}})
	assess := func(network domain.Body, on domain.Date, baseline bool, levels ...domain.AreaLevel) {
		h.record(day, domain.MaturityAssessed{Assessment: domain.Assessment{
			Network: network, Framework: matrix, On: on, Baseline: baseline, Assessor: "network and CCG together", Levels: levels,
		}})
	}
	assess(north, "2019-01-20", true, domain.AreaLevel{Area: "integrated working", Level: "foundations", Evidence: "workshop notes"},
		domain.AreaLevel{Area: "right scale", Level: "foundations", Evidence: "map"})
	assess(city, "2019-01-21", true, domain.AreaLevel{Area: "right scale", Level: "step 1", Evidence: "map"})
	assess(north, "2019-03-25", false, domain.AreaLevel{Area: "right scale", Level: "step 1", Evidence: "agreement signed"})
	h.record(day, domain.TargetSet{Target: domain.Target{
		Network: north, Framework: matrix, By: "2019-09-30",
		Levels: []domain.AreaLevel{{Area: "right scale", Level: "step 2"}, {Area: "integrated working", Level: "step 1"}},
	}})
	h.record(day, domain.MilestoneRecorded{Milestone: domain.Milestone{
		Network: north, Code: "MS1", Title: "Agreement signed by all practices", Fund: fund,
		Due: "2019-03-15", Achieved: "2019-03-12", Evidence: "agreement",
	}})
	h.record(day, domain.MilestoneRecorded{Milestone: domain.Milestone{
		Network: north, Code: "MS2", Title: "Lead GP in post", Fund: fund, Due: "2019-03-28",
	}})
	h.record(day, domain.MilestoneRecorded{Milestone: domain.Milestone{
		Network: city, Code: "MS1", Title: "Joint clinic open", Due: "2019-06-30",
	}})
	tell := func(day domain.Date, network domain.Body, author, text string) {
		h.record(day, domain.NarrativeSubmitted{Narrative: domain.Narrative{Fund: fund, Network: network, Author: author, Text: text}})
	}
	tell(day, "", "head of primary care", "The networks agreed their baselines.")
	tell(day, north, "network manager", "First draft.")
	tell("2019-04-02", north, "network manager", "Lead GP starts in May.")
}
