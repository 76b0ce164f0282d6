package projections_test

import (
	"fmt"
	"slices"
	"time"

	"pcnledger/domain"
	"pcnledger/projections"
)

// The first year of two networks, 2019/20, told in commands: North with 50,001 patients in two practices, paid through
// one of them; City with 19,998 in one, paid through the federation. Core funding at £1.50 a head with its July catch-up,
// the Clinical Director and the practices' participation; a pharmacist from October whose cost proves 5 % less; a link
// worker from 11 November who costs more than the maximum; a claim that is rejected, and one that is late and waits; and
// an advance of development money. It stops on 10 February 2020, before the year is over.
const (
	coreFund   = domain.FundCode("CORE-2019")
	rolesFund  = domain.FundCode("ARRS-2019")
	grantFund  = domain.FundCode("NR-PCN-2019")
	mill       = domain.Body("ods:X00001")
	bridge     = domain.Body("ods:X00002")
	castle     = domain.Body("ods:X00003")
	pharmacist = domain.Person("token-7f3a91")
	linkWorker = domain.Person("token-c2e004")
	halfTime   = domain.Person("token-51b6d8")
	desSource  = "Network agreement, schedule 1"
)

// A teller sends commands to a ledger. A refusal is a fault of the story.
type teller struct {
	ledger domain.Ledger
	events []domain.Recorded
}

// tell decides a command on a day, effective on that day, and returns the number of its event.
func (s *teller) tell(day domain.Date, command domain.Command) int64 {
	at, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		panic(err)
	}
	stamp := domain.Stamp{Number: int64(len(s.events) + 1), Time: at.Add(10 * time.Hour), Actor: "finance", Auth: "demo"}
	facts, err := s.ledger.Decide(command, "", stamp)
	if err != nil {
		panic(fmt.Sprintf("%s: %T: %v", day, command, err))
	}
	r := facts[0]
	s.ledger.Apply(r)
	s.events = append(s.events, r)
	return stamp.Number
}

// pay settles what is open of the items that an event opened.
func (s *teller) pay(day domain.Date, reference string, numbers ...int64) {
	var lines []domain.SettleLine
	for _, item := range s.items() {
		if item.Account == domain.Payables && item.Open() > 0 && slices.Contains(numbers, item.Number) {
			lines = append(lines, domain.SettleLine{Item: item.ID, Pence: item.Open()})
		}
	}
	s.tell(day, domain.SettlePayment{Reference: reference, Lines: lines})
}

func (s *teller) items() []projections.Item {
	views := fold(s.events)
	return views.Items.All()
}

func firstNetworks() []domain.Recorded {
	s := &teller{}
	s.registry()
	s.funding()
	s.summer()
	s.autumn()
	s.winter()
	return s.events
}

func (s *teller) registry() {
	const day = "2019-06-03"
	s.tell(day, domain.CreateLedger{Ledger: "oxfordshire", Commissioner: ccg, Name: "Oxfordshire CCG", Kind: domain.KindDemo})
	for _, b := range []domain.RegisterBody{
		{Body: federation, Kind: domain.KindFederation, Name: "First Federation"},
		{Body: north, Kind: domain.KindNetwork, Name: "North Network"}, {Body: city, Kind: domain.KindNetwork, Name: "City Network"},
		{Body: mill, Kind: domain.KindPractice, Name: "Mill Street Surgery"}, {Body: bridge, Kind: domain.KindPractice, Name: "Bridge Surgery"},
		{Body: castle, Kind: domain.KindPractice, Name: "Castle Practice"},
	} {
		s.tell(day, b)
	}
	source := domain.Source{Title: desSource}
	s.tell(day, domain.RecordMembership{Network: north, Source: source, Members: []domain.Member{{Practice: mill, From: "2019-01-01"}, {Practice: bridge, From: "2019-01-01"}}})
	s.tell(day, domain.RecordMembership{Network: city, Source: source, Members: []domain.Member{{Practice: castle, From: "2019-01-01"}}})
	s.tell(day, domain.RecordListSizes{
		Population: domain.PopulationRegistered, Average: "2019-20", StandsFor: "2019-01-01",
		Source: domain.Source{Title: "Average lists 2019/20", File: "lists.csv", Note: "not known in 2019"},
		Lines:  []domain.ListLine{{Practice: mill, Patients: 30_001}, {Practice: bridge, Patients: 20_000}, {Practice: castle, Patients: 19_998}},
	})
	s.tell(day, domain.RecordListSizes{
		Population: domain.PopulationWeighted, At: "2019-01-01", Source: domain.Source{Title: "Weighted lists, January 2019"},
		Lines: []domain.ListLine{{Practice: mill, Patients: 31_234}, {Practice: bridge, Patients: 18_766}, {Practice: castle, Patients: 20_500}},
	})
	s.tell(day, domain.NominatePayee{Network: north, Payee: mill, From: "2019-04-01", Source: domain.Source{
		Title: "Assumption: the largest member practice", Note: "who was nominated is not published"}})
	s.tell(day, domain.NominatePayee{Network: city, Payee: federation, From: "2019-04-01", Source: source})
	s.tell(day, domain.AdoptRateCard{Year: "2019-20"})
}

func (s *teller) funding() {
	const day = "2019-06-10"
	open := func(code domain.FundCode, title string, cover domain.Cover, basis domain.Basis, categories ...domain.Category) {
		s.tell(day, domain.OpenFund{Terms: domain.Terms{
			Fund: code, Title: title, Year: "2019-20", Recurrent: basis == domain.BasisEvidence, Cover: cover, Basis: basis, Categories: categories,
			Coding: domain.Coding{CostCentre: "616110", Subjective: "52161021"}, Source: domain.Source{Title: "Allocations 2019/20"},
		}})
	}
	open(coreFund, "Network Contract DES", domain.CoverWarn, domain.BasisEvidence, "core PCN funding", "clinical director", "network participation")
	open(rolesFund, "Additional roles", domain.CoverWarn, domain.BasisEvidence, "clinical pharmacist", "social prescribing link worker")
	open(grantFund, "Network development", domain.CoverHard, domain.BasisAdvance, development)
	decision := domain.Decision{Body: "Primary Care Commissioning Committee", Date: day, Paper: "Paper 3"}
	for _, f := range []struct {
		fund     domain.FundCode
		north    domain.Pence
		city     domain.Pence
		category domain.Category
	}{{coreFund, 200_000_00, 80_000_00, ""}, {rolesFund, 53_942_25, 53_942_25, ""}, {grantFund, 30_000_00, 20_000_00, development}} {
		s.tell(day, domain.ConfirmFunding{Fund: f.fund, Pence: f.north + f.city, Title: "allocation 2019/20", Source: domain.Source{Title: "Allocations 2019/20"}})
		payee := domain.Body("")
		if f.fund == grantFund {
			payee = federation
		}
		s.tell(day, domain.AllocateFund{Fund: f.fund, Decision: decision, Lines: []domain.Line{
			{Bucket: domain.Bucket{Payee: payee, Beneficiary: north, Category: f.category}, Pence: f.north},
			{Bucket: domain.Bucket{Payee: payee, Beneficiary: city, Category: f.category}, Pence: f.city},
		}})
	}
	s.tell(day, domain.SetBudget{Fund: coreFund, Months: profile(280_000_00, 4)})
	s.tell(day, domain.SetBudget{Fund: rolesFund, Months: profile(107_884_50, 7)})
}

// profile spreads a year's money evenly from a month on, written from the last month backwards.
func profile(pence domain.Pence, from int) []domain.BudgetMonth {
	var weights []domain.Weight
	for m := from; m <= 12; m++ {
		weights = append(weights, domain.Weight{Code: fmt.Sprintf("2019-20/M%02d", m), Amount: 1})
	}
	var months []domain.BudgetMonth
	for i, part := range slices.Backward(domain.Split(pence, weights)) {
		months = append(months, domain.BudgetMonth{Month: domain.Service(weights[i].Code), Pence: part})
	}
	return months
}

func (s *teller) run(day domain.Date, rate domain.RateCode, through domain.Service) int64 {
	return s.tell(day, domain.RunEntitlement{Fund: coreFund, Rate: rate, Through: through})
}

func (s *teller) summer() {
	core := s.run("2019-07-15", "CORE_PCN", "2019-20/M04")
	director := s.run("2019-07-15", "CD", "2019-20/M04")
	participation := s.run("2019-07-15", "NPP", "2019-20/M04")
	s.pay("2019-07-31", "BACS 0731", core, director, participation)
	core = s.run("2019-08-15", "CORE_PCN", "2019-20/M05")
	s.pay("2019-08-30", "BACS 0830", core)
	released := s.tell("2019-09-02", domain.ReleaseFunds{Fund: grantFund, Reason: "mobilisation", Lines: []domain.Line{
		{Bucket: domain.Bucket{Payee: federation, Beneficiary: city, Category: development}, Pence: 15_000_00},
	}})
	s.pay("2019-09-10", "BACS 0910", released)
	s.run("2019-09-16", "CORE_PCN", "2019-20/M06")
}

func costs(salary, ni, pension domain.Pence) domain.Costs {
	return domain.Costs{Salary: salary, NI: ni, Pension: pension}
}

func (s *teller) claim(day domain.Date, network domain.Body, month domain.Service, reference string, lines ...domain.ClaimLine) int64 {
	return s.tell(day, domain.SubmitClaim{Network: network, Month: month, Reference: reference, Declaration: true, Lines: lines})
}

func lineItem(number int64, line int) domain.ItemID {
	return domain.ItemID(fmt.Sprintf("%d.%d", number, line))
}

// oneItem names the only item of an event.
func oneItem(number int64) domain.ItemID { return lineItem(number, 1) }

func (s *teller) autumn() {
	source := domain.Source{Title: "contract seen by the CCG"}
	s.tell("2019-10-07", domain.EngageRole{Person: pharmacist, Network: north, Role: "ARRS_CP", From: "2019-10-01", Post: domain.Post{Hours: "37.5"}, Source: source})
	october := s.claim("2019-11-05", north, "2019-20/M07", "claim of October", domain.ClaimLine{Person: pharmacist, Costs: costs(3_600_00, 380_00, 520_00)})
	october = s.tell("2019-11-12", domain.ApproveClaim{Claim: october, Fund: rolesFund})
	s.tell("2019-11-18", domain.EngageRole{Person: linkWorker, Network: city, Role: "ARRS_SPLW", From: "2019-11-11", Post: domain.Post{Hours: "37.5"}, Source: source})
	s.tell("2019-11-18", domain.EngageRole{Person: halfTime, Network: north, Role: "ARRS_SPLW", From: "2019-12-01", Post: domain.Post{Hours: "20"}, Source: source})
	s.tell("2019-11-20", domain.RecordSpend{Fund: grantFund, Reference: "report of October", Lines: []domain.Line{
		{Bucket: domain.Bucket{Payee: federation, Beneficiary: city, Category: development}, Pence: 9_000_00},
	}})
	s.pay("2019-11-29", "BACS 1129", october)
	recovery := s.tell("2019-12-02", domain.RaiseRecovery{
		Item: oneItem(october), Reason: "the salary proved to be less", Person: pharmacist, Proved: costs(3_400_00, 360_00, 515_00),
	})
	november := s.claim("2019-12-03", north, "2019-20/M08", "claim of November", domain.ClaimLine{Person: pharmacist, Costs: costs(3_400_00, 360_00, 515_00)})
	above := s.claim("2019-12-04", city, "2019-20/M08", "claim of November", domain.ClaimLine{Person: linkWorker, Costs: costs(1_600_00, 120_00, 230_00)})
	november = s.tell("2019-12-10", domain.ApproveClaim{Claim: november, Fund: rolesFund})
	above = s.tell("2019-12-11", domain.ApproveClaim{Claim: above, Fund: rolesFund})
	s.tell("2019-12-20", domain.SettlePayment{
		Reference: "BACS 1220", Netted: []domain.SettleLine{{Item: oneItem(recovery), Pence: 157_50}},
		Lines: []domain.SettleLine{{Item: oneItem(november), Pence: 2_992_50}, {Item: oneItem(above), Pence: 1_000_00}},
	})
}

func (s *teller) winter() {
	rejected := s.claim("2020-01-06", city, "2019-20/M09", "claim of December", domain.ClaimLine{Person: linkWorker, Costs: costs(2_200_00, 200_00, 300_00)})
	both := s.claim("2020-01-07", north, "2019-20/M09", "claim of December",
		domain.ClaimLine{Person: pharmacist, Costs: costs(3_400_00, 360_00, 515_00)}, domain.ClaimLine{Person: halfTime, Costs: costs(1_100_00, 80_00, 170_00)})
	s.tell("2020-01-09", domain.RejectClaim{Claim: rejected, Reason: "the payslip is of another month"})
	s.tell("2020-01-14", domain.ApproveClaim{Claim: both, Fund: rolesFund})
	s.run("2020-01-15", "CORE_PCN", "2019-20/M10")
	s.run("2020-01-15", "NPP", "2019-20/M10")
	s.tell("2020-02-03", domain.EndRole{Person: linkWorker, To: "2020-01-31", Reason: "left"})
	s.claim("2020-02-10", city, "2019-20/M09", "claim of December, again", domain.ClaimLine{Person: linkWorker, Costs: costs(2_150_00, 190_00, 290_00)})
}
