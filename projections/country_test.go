package projections_test

import (
	"fmt"
	"runtime"

	"github.com/go-json-experiment/json"

	"pcnledger/domain"
)

// A country is a history in the size of England's Network Contract: 1,300 networks of one practice each in 42 regions,
// told in commands, so that it is legal. Commands of one kind stand together, for benchmarks take their time by kind.
type country struct {
	teller
	day domain.Date // of what is told next
}

const (
	countryNetworks = 1_300
	countryRegions  = 42
	countryRoles    = 5 // persons in a network's ordinary claim
	countryCrowd    = 200
	countryCrowds   = 8 // networks with a claim for that many persons
)

var countrySource = domain.Source{Title: "Network agreement, schedule 1", File: "agreement.pdf"}

func networkAt(i int) domain.Body    { return domain.Body(fmt.Sprintf("ods:U%05d", 10_000+i*37%89_999)) }
func practiceAt(i int) domain.Body   { return domain.Body(fmt.Sprintf("ods:K%05d", 80_000+i)) }
func federationAt(r int) domain.Body { return domain.Body(fmt.Sprintf("local:FED-%02d", r)) }
func grantAt(r int) domain.FundCode  { return domain.FundCode(fmt.Sprintf("NR-PCN-2019-%02d", r)) }
func arrsAt(r int) domain.FundCode   { return domain.FundCode(fmt.Sprintf("ARRS-2019-%02d", r)) }
func regionOf(i int) int             { return i % countryRegions }
func personAt(i, n int) domain.Person {
	return domain.Person(fmt.Sprintf("token-%04x-%04x-%02x", i*7919%65_521, n*104_729%65_521, i%251))
}

// newCountry registers the networks and their practices, and adopts the rates.
func newCountry() *country {
	c := &country{day: "2019-06-03"}
	c.tell(c.day, domain.CreateLedger{Ledger: "england", Commissioner: ccg, Kind: domain.KindDemo})
	for r := range countryRegions {
		c.tell(c.day, domain.RegisterBody{Body: federationAt(r), Kind: domain.KindFederation, Name: fmt.Sprintf("Federation %d", r)})
	}
	for i := range countryNetworks {
		c.tell(c.day, domain.RegisterBody{Body: networkAt(i), Kind: domain.KindNetwork, Name: fmt.Sprintf("Network %d", i)})
		c.tell(c.day, domain.RegisterBody{Body: practiceAt(i), Kind: domain.KindPractice, Name: fmt.Sprintf("Practice %d", i)})
	}
	for i := range countryNetworks {
		members := []domain.Member{{Practice: practiceAt(i), From: "2019-01-01"}}
		c.tell(c.day, domain.RecordMembership{Network: networkAt(i), Members: members, Source: countrySource})
		c.tell(c.day, domain.NominatePayee{Network: networkAt(i), Payee: federationAt(regionOf(i)), From: "2019-04-01", Source: countrySource})
	}
	for _, population := range []domain.Population{domain.PopulationRegistered, domain.PopulationWeighted} {
		c.lists(population, 0)
	}
	c.tell(c.day, domain.AdoptRateCard{Year: "2019-20"})
	return c
}

// lists records the list of every practice.
func (c *country) lists(population domain.Population, grown int64) {
	list := domain.RecordListSizes{Population: population, At: "2019-01-01", Source: domain.Source{Title: "Patients registered", File: "gp-reg-pat-prac-all.csv"}}
	for i := range countryNetworks {
		list.Lines = append(list.Lines, domain.ListLine{Practice: practiceAt(i), Patients: 30_000 + int64(i*7_919%20_000) + grown})
	}
	c.tell(c.day, list)
}

// funds opens and confirms one fund for the country's entitlements and two for each region, and sets them aside.
func (c *country) funds() {
	c.fund("DES-2019", domain.BasisEvidence, domain.CoverWarn, 500_000_000_00, "core PCN funding", "clinical director", "network participation")
	for r := range countryRegions {
		c.fund(grantAt(r), domain.BasisAdvance, domain.CoverHard, 60_000_000_00, development, workforce)
		c.fund(arrsAt(r), domain.BasisEvidence, domain.CoverWarn, 10_000_000_00, "clinical pharmacist", "social prescribing link worker")
	}
	decision := domain.Decision{Body: "Primary Care Commissioning Committee", Date: c.day, Paper: "Paper 3"}
	for _, category := range []domain.Category{"core PCN funding", "clinical director", "network participation", ""} {
		c.tell(c.day, domain.AllocateFund{Fund: "DES-2019", Decision: decision, Lines: []domain.Line{
			{Bucket: domain.Bucket{Category: category}, Pence: 120_000_000_00, Share: &domain.Share{}},
		}})
	}
	for r := range countryRegions {
		among := c.region(r)
		for _, category := range []domain.Category{development, workforce} {
			c.tell(c.day, domain.AllocateFund{Fund: grantAt(r), Decision: decision, Lines: []domain.Line{
				{Bucket: domain.Bucket{Payee: federationAt(r), Category: category}, Pence: 30_000_000_00, Share: &domain.Share{Among: among}},
			}})
		}
		c.tell(c.day, domain.AllocateFund{Fund: arrsAt(r), Decision: decision, Lines: []domain.Line{
			{Pence: 10_000_000_00, Share: &domain.Share{Among: among}},
		}})
	}
}

func (c *country) fund(code domain.FundCode, basis domain.Basis, cover domain.Cover, pence domain.Pence, categories ...domain.Category) {
	c.tell(c.day, domain.OpenFund{Terms: domain.Terms{
		Fund: code, Title: "A fund", Year: "2019-20", Basis: basis, Cover: cover, Categories: categories, Source: domain.Source{Title: "Allocations 2019/20"},
	}})
	c.tell(c.day, domain.ConfirmFunding{Fund: code, Pence: pence, Title: "allocation 2019/20", Source: domain.Source{Title: "Allocations 2019/20"}})
}

func (c *country) region(r int) (networks []domain.Body) {
	for i := range countryNetworks {
		if regionOf(i) == r {
			networks = append(networks, networkAt(i))
		}
	}
	return networks
}

// year tells a year: entitlements run for every network, roles engaged and claimed, advances released, paid and spent.
func (c *country) year() {
	c.runs()
	c.day = "2019-10-07"
	c.roles()
	for _, month := range []domain.Service{"2019-20/M07", "2019-20/M08"} {
		c.day = month.Last().AddDays(5)
		c.claims(month)
	}
	c.day = "2020-01-06"
	for quarter := range 3 {
		c.advances(quarter)
	}
}

// runs raises what is due at two rates: for July with the months before it, and then month by month.
func (c *country) runs() {
	for _, run := range []struct {
		day     domain.Date
		rate    domain.RateCode
		through domain.Service
	}{
		{"2019-07-15", "CORE_PCN", "2019-20/M04"}, {"2019-07-15", "NPP", "2019-20/M04"},
		{"2019-08-15", "CORE_PCN", "2019-20/M05"}, {"2019-08-15", "NPP", "2019-20/M05"}, {"2019-09-16", "CORE_PCN", "2019-20/M06"},
	} {
		c.tell(run.day, domain.RunEntitlement{Fund: "DES-2019", Rate: run.rate, Through: run.through})
	}
}

// roles engages every network's persons, and the crowds of some.
func (c *country) roles() {
	for i := range countryNetworks {
		for n := range countryRoles {
			c.engage(i, n)
		}
	}
	for i := range countryCrowds {
		for n := range countryCrowd {
			c.engage(i, 1_000+n)
		}
	}
}

func (c *country) engage(i, n int) {
	role := []domain.RateCode{"ARRS_CP", "ARRS_SPLW"}[n%2]
	c.tell(c.day, domain.EngageRole{
		Person: personAt(i, n), Network: networkAt(i), Role: role, From: "2019-10-01", Post: domain.Post{Hours: "37.5"}, Source: domain.Source{Title: "contract seen by the CCG"},
	})
}

// claims submits, approves and pays the claims of a month.
func (c *country) claims(month domain.Service) {
	var claims []int64
	submit := func(i, first, persons int, salary domain.Pence) {
		var lines []domain.ClaimLine
		for n := range persons {
			c := costs(salary+domain.Pence(i*7+n*13), 12_34, 5_67)
			lines = append(lines, domain.ClaimLine{Person: personAt(i, first+n), Costs: c})
		}
		claims = append(claims, c.claim(c.day, networkAt(i), month, fmt.Sprintf("claim of %s by %s", month, networkAt(i).Bare()), lines...))
	}
	for i := range countryNetworks {
		submit(i, 0, countryRoles, 300_00)
	}
	for i := range countryCrowds {
		submit(i, 1_000, countryCrowd, 50_00)
	}
	for at, claim := range claims {
		i := at
		if at >= countryNetworks {
			i -= countryNetworks
		}
		claims[at] = c.tell(c.day, domain.ApproveClaim{Claim: claim, Fund: arrsAt(regionOf(i))})
	}
	payment := domain.SettlePayment{Reference: "BACS " + string(month)}
	for _, approved := range claims {
		pence := c.events[approved-1].Event.(domain.ClaimApproved).Pence()
		payment.Lines = append(payment.Lines, domain.SettleLine{Item: oneItem(approved), Pence: pence})
	}
	c.tell(c.day, payment)
}

// advances releases, pays and spends an advance of every network, each by an event of its own.
func (c *country) advances(round int) {
	released := make([]int64, countryNetworks)
	for i := range released {
		released[i] = c.release(i, fmt.Sprintf("mobilisation %d of %s", round, networkAt(i).Bare()))
	}
	for i, number := range released {
		c.settle(number, fmt.Sprintf("BACS %d/%05d", round, i))
	}
	for i := range released {
		c.spend(i, fmt.Sprintf("return %d of %s", round, networkAt(i).Bare()))
	}
}

const (
	countryAdvance = domain.Pence(1_234_56)
	countrySpend   = domain.Pence(1_199_99)
)

func (c *country) release(i int, reason string) int64 {
	return c.tell(c.day, domain.ReleaseFunds{Fund: grantAt(regionOf(i)), Reason: reason, Lines: c.grantLine(i, countryAdvance)})
}

func (c *country) settle(number int64, reference string) int64 {
	return c.tell(c.day, domain.SettlePayment{Reference: reference, Lines: []domain.SettleLine{{Item: oneItem(number), Pence: countryAdvance}}})
}

func (c *country) spend(i int, reference string) int64 {
	return c.tell(c.day, domain.RecordSpend{Fund: grantAt(regionOf(i)), Reference: reference, Lines: c.grantLine(i, countrySpend)})
}

func (c *country) grantLine(i int, pence domain.Pence) []domain.Line {
	category := []domain.Category{development, workforce}[i/countryRegions%2]
	return []domain.Line{{Bucket: domain.Bucket{Payee: federationAt(regionOf(i)), Beneficiary: networkAt(i), Category: category}, Pence: pence}}
}

// A stored is an event as it stands in a log.
type stored struct {
	domain.Recorded
	kind domain.EventKind
	data []byte
}

func store(r domain.Recorded) stored {
	data, err := json.Marshal(r.Event)
	if err != nil {
		panic(err)
	}
	s := stored{r, domain.EventKindOf(r.Event), data}
	s.Event = nil
	return s
}

// read reads events from the log: they share no text with each other.
func read(log []stored) []domain.Recorded {
	events := make([]domain.Recorded, len(log))
	for i, s := range log {
		events[i] = s.Recorded
		var err error
		events[i].Event, err = s.kind.Decode(func(into any) error { return json.Unmarshal(s.data, into) })
		if err != nil {
			panic(err)
		}
	}
	return events
}

// heapInUse returns the bytes of the heap that are still reached.
func heapInUse() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
