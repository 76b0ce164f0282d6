package intake

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"

	"github.com/shopspring/decimal"

	"pcnledger/domain"
)

// RateOptions says what a file of rates does not say.
type RateOptions struct {
	// Ledger is the name of the ledger that the command ids are derived for. It must be given.
	Ledger string
}

// rateKind is the kind of import in the ids of the commands.
const rateKind = "rate-card"

// rateForm is a card as the programme's own are written, with the year of each rate.
var rateForm = plainForm{
	name:  "rates",
	needs: []string{"year", "rate", "title", "unit", "amount", "from", "to", "source", "standing"},
	may: []string{
		"area", "edition", "kind", "percent", "population", "measure", "reference", "membership", "instalments", "first", "payee", "category",
		"sum", "fulltime", "limit", "largelimit", "shared", "minutes", "rounding", "note", "document", "address",
	},
}

// RateCard turns a file of rates that no card has into commands: an AdoptRateCard for each contract year, in the order of
// the years. Each rate carries as its document what the file names, with the file's own name and SHA-256.
//
// What is wrong with the file comes back as [Errors], and then the Import is empty. Any other error is one of reading.
func RateCard(file io.Reader, name string, opts RateOptions) (Import, error) {
	if opts.Ledger == "" {
		panic("intake: RateOptions.Ledger is empty")
	}
	t, err := rateForm.open(file, name)
	if err != nil {
		return Import{}, err
	}
	c := &rateReader{file: t, years: map[domain.Year][]rateLine{}}
	for row := range t.rows() {
		c.read(row)
	}
	if len(c.years) == 0 && !t.found.any() {
		t.found.add(Error{Reason: "no row of the file is a rate", Remedy: "check that it is the file you mean"})
	}
	if err := t.found.err(); err != nil {
		return Import{}, err
	}
	made := c.commands(opts)
	if err := t.found.err(); err != nil {
		return Import{}, err
	}
	return made, nil
}

// A rateReader gathers the rates of one file.
type rateReader struct {
	file  plainFile
	years map[domain.Year][]rateLine
}

// A rateLine is a rate and the line where it stands.
type rateLine struct {
	domain.Rate
	line int
}

// commands makes one command for each year.
func (c *rateReader) commands(opts RateOptions) Import {
	made := Import{Summary: Summary{Form: rateForm.name, Unread: c.file.unread}}
	for _, year := range slices.Sorted(maps.Keys(c.years)) {
		adopt := domain.AdoptRateCard{Year: year}
		for _, r := range c.years[year] {
			adopt.Own = append(adopt.Own, r.Rate)
			made.Summary.Lines = append(made.Summary.Lines, r.inWords())
		}
		made.Summary.Facts = append(made.Summary.Facts, fmt.Sprintf("%s: %s", year, counted(int64(len(adopt.Own)), "rate")))
		line := c.years[year][0].line
		command, fits := number(opts.Ledger, rateKind, "year/"+string(year), line, adopt)
		if !fits {
			c.file.add(Error{Line: line, Reason: fmt.Sprintf("the rates of %s do not fit one command", year), Remedy: "import them in parts"})
		}
		made.Commands = append(made.Commands, command)
	}
	return made
}

// inWords is a rate as a dry run shows it.
func (r rateLine) inWords() string {
	unit := string(r.Unit)
	if r.Population != "" {
		unit = string(r.Population) + " " + unit
	}
	return fmt.Sprintf("line %d: %s %s, %s: £%s per %s from %s to %s; %s, %s", r.line, r.Year, r.Rate.Rate, r.Title, r.Amount, unit, r.From, r.To,
		r.Source, r.Standing)
}

// readDocument reads what an officer relied on. A rate that was read in a text relies on its source; a less sure one needs a
// document.
func (c *rateReader) readDocument(r row, rate *domain.Rate) {
	document := readText(r, "document", false, mostSource)
	if slices.Contains(unsure, rate.Standing) && document == "" {
		r.fault("standing", fmt.Sprintf("a rate that is %s is paid only on a document", rate.Standing),
			"name the document in the column document, and where it is in the column address")
	}
	rate.Document = domain.Source{
		Title: cmp.Or(document, rate.Source), File: r.table.found.file, SHA256: c.file.sha, Address: readText(r, "address", false, mostSource),
	}
}

var unsure = []domain.Standing{domain.StandingInferred, domain.StandingUnverified, domain.StandingConflict}

var rateCodeForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,39}$`)

// read takes up one rate. Every fault of the row is recorded; then it is not taken up.
func (c *rateReader) read(r row) {
	before := len(r.table.found.found)
	rate := domain.Rate{
		Rate: domain.RateCode(r.text("rate")), Title: readText(r, "title", true, mostName), Kind: oneOf(r, "kind", domain.RateEntitlement, rateKinds...),
		Area: maybeOneOf(r, "area", domain.AreaOuter, domain.AreaInner, domain.AreaLondon), Edition: readText(r, "edition", false, mostName),
		Unit: oneOf(r, "unit", "", units...), Amount: readAmount(r, "amount"), Source: readText(r, "source", true, mostSource),
		Standing: oneOf(r, "standing", "", standings...), Note: readText(r, "note", false, mostSource),
		Payee:    oneOf(r, "payee", domain.PayNominated, domain.PayNominated, domain.PayPractice),
		Rounding: oneOf(r, "rounding", domain.RoundPenny, domain.RoundPenny, domain.RoundPound),
		Sum:      domain.RateCode(r.given("sum")), Shared: readYes(r, "shared", false),
	}
	if !rateCodeForm.MatchString(string(rate.Rate)) {
		r.fault("rate", quoted(string(rate.Rate))+" is no code of a rate", "write 2 to 40 capitals, digits and underscores, beginning with a capital: LEAD_GP")
	}
	rate.Category = domain.Category(cmp.Or(readText(r, "category", false, mostName), rate.Title))
	readPeriod(r, &rate)
	readBasis(r, &rate)
	readPost(r, &rate)
	c.readDocument(r, &rate)
	if len(r.table.found.found) == before {
		c.add(r, rate)
	}
}

// mostSource is the longest source or note, in characters.
const mostSource = 1000

var (
	rateKinds = []domain.RateKind{domain.RateEntitlement, domain.RateReimbursedRole, domain.RateSupplierFee, domain.RateNetworkSum}
	units     = []domain.Unit{
		domain.UnitPatient, domain.UnitBed, domain.UnitPoint, domain.UnitSession, domain.UnitWTE, domain.UnitNetwork,
	}
	standings = []domain.Standing{
		domain.StandingPrimary, domain.StandingSecondary, domain.StandingInferred, domain.StandingUnverified, domain.StandingConflict,
	}
)

// readAmount reads pounds as they are written: a rate may have parts of a penny.
func readAmount(r row, column string) string {
	amount, ok := readFigure(r, column, "1.76")
	if ok && amount.IsZero() {
		r.fault(column, "the "+inWords(column)+" is nothing", "give more than 0, or leave the line out")
	}
	return r.text(column)
}

// readPeriod reads the year of a rate and its days, which are within it.
func readPeriod(r row, rate *domain.Rate) {
	year, err := domain.ParseYear(r.text("year"))
	if err != nil {
		r.fault("year", quoted(r.text("year"))+" is not a financial year", "write 2024-25 for April 2024 to March 2025")
	}
	rate.Year, rate.From, rate.To = year, readDay(r, "from", dayOnly...), readDay(r, "to", dayOnly...)
	if year == "" || rate.From == "" || rate.To == "" {
		return
	}
	for _, end := range []struct {
		column string
		day    domain.Date
	}{{"from", rate.From}, {"to", rate.To}} {
		if end.day < year.First() || end.day > year.Last() {
			r.fault(end.column, fmt.Sprintf("%s is not within %s", end.day, year), fmt.Sprintf("give a day from %s to %s, or a line for each year", year.First(), year.Last()))
		}
	}
	if rate.From != monthOf(rate.From).First() {
		r.fault("from", fmt.Sprintf("%s is within a month", rate.From), "give the first day of a month: a month is paid at the rate of its 1st")
	}
	if rate.To != monthOf(rate.To).Last() {
		r.fault("to", fmt.Sprintf("%s is within a month", rate.To), "give the last day of a month: a month is paid at the rate of its 1st")
	}
	if rate.To < rate.From {
		r.fault("to", fmt.Sprintf("the last day, %s, is before the first, %s", rate.To, rate.From), "put right the one that is wrong")
	}
	rate.First = domain.Service(r.given("first"))
	if rate.First == "" {
		return
	}
	if _, err := domain.ParseService(string(rate.First)); err != nil || rate.First.Year() != year || rate.First == rate.First.WholeYear() {
		r.fault("first", quoted(string(rate.First))+" is no month of "+string(year), "write the month of the first payment: "+string(year)+"/M01 for April")
	}
}

// readBasis reads what a rate is paid on, whose patients count, and how it becomes due.
func readBasis(r row, rate *domain.Rate) {
	populations := []domain.Population{domain.PopulationRegistered, domain.PopulationWeighted, domain.PopulationAdjusted}
	switch {
	case rate.Unit != domain.UnitPatient:
		rate.Population = maybeOneOf(r, "population", populations...)
	case r.table.has("population"):
		rate.Population = oneOf(r, "population", "", populations...)
	default:
		r.fault("unit", "a rate for each patient needs a population", "add the column population: registered, weighted or adjusted")
	}
	rate.Measure = domain.Measure(readText(r, "measure", false, mostName))
	byMeasure := []domain.Unit{domain.UnitBed, domain.UnitPoint, domain.UnitSession}
	if rate.Measure == "" && (slices.Contains(byMeasure, rate.Unit) || rate.Unit == domain.UnitWTE && rate.Kind == domain.RateEntitlement) {
		r.fault("unit", fmt.Sprintf("a rate for each %s needs a measure, under which the ledger finds how many there are", rate.Unit),
			"add the column measure, for example care home beds")
	}
	rate.Reference = optionalDay(r, "reference")
	if rate.Unit == domain.UnitPatient || r.given("membership") != "" {
		rate.Membership = oneOf(r, "membership", domain.MembersOnFirst, domain.MembersOnFirst, domain.MembersByDay, domain.MembersAtReference)
	}
	if rate.Membership == domain.MembersAtReference && rate.Reference == "" {
		r.fault("membership", "whose patients count goes by the reference date, and there is none", "give the date in the column reference")
	}
	if rate.Kind == domain.RateEntitlement {
		rate.Instalments = oneOf(r, "instalments", domain.PayMonthly, domain.PayMonthly, domain.PayOnce)
	}
	if minutes := r.given("minutes"); minutes != "" {
		rate.Minutes = readAmount(r, "minutes")
	}
}

// readPost reads what only the maximum of a role has.
func readPost(r row, rate *domain.Rate) {
	rate.Limit, rate.LargeLimit = limit(r, "limit"), limit(r, "largelimit")
	if rate.Kind != domain.RateReimbursedRole {
		return
	}
	rate.FullTime = cmp.Or(r.given("fulltime"), "37.5")
	rate.Percent = "100"
	if r.given("percent") == "" {
		return
	}
	if percent, ok := readFigure(r, "percent", "100"); ok && (percent.IsZero() || percent.GreaterThan(decimal.NewFromInt(100))) {
		r.fault("percent", quoted(r.text("percent"))+" is no percentage of a cost", "give more than 0 and at most 100")
	}
	rate.Percent = r.text("percent")
}

func limit(r row, column string) string {
	if r.given(column) == "" {
		return ""
	}
	return readAmount(r, column)
}

// add takes up a rate that stands in the file once: for one area and day there is one.
func (c *rateReader) add(r row, rate domain.Rate) {
	for _, other := range c.years[rate.Year] {
		if other.Rate.Rate == rate.Rate && other.Area == rate.Area && other.From <= rate.To && rate.From <= other.To {
			r.fault("rate", fmt.Sprintf("%s of %s stands on line %d already, for the same days", rate.Rate, rate.Year, other.line),
				"take out the row that does not count; a rate that changes is revised (ReviseRate)")
			return
		}
	}
	c.years[rate.Year] = append(c.years[rate.Year], rateLine{rate, r.line})
}
