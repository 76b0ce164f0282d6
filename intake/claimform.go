package intake

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"pcnledger/domain"
)

// claimForm has the fields of the national claims portal, and those of a post that only the commissioner asks for.
var claimForm = plainForm{
	name: "claims",
	needs: []string{
		"claim_month", "pcn_code", "claim_reference", "declaration", "employee_id", "profession", "start_date", "hours_per_week",
		"monthly_salary", "employer_ni", "employer_pension",
	},
	may: []string{"notes", "left_date", "sessions", "fees", "training", "area", "supplier", "held", "exception"},
}

// What the national claims portal takes for one post and month (MONEY.md, 2.3: the portal's own code).
const (
	mostSalary  domain.Pence = 10_000_00
	mostNI      domain.Pence = 1_000_00
	mostPension domain.Pence = 10_000_00
	mostFees    domain.Pence = 1_000_00
)

// A claimLine is one row of a claims sheet.
type claimLine struct {
	domain.EngageRole
	month     domain.Service
	left      domain.Date
	reference string
	notes     string
	training  string
	costs     domain.Costs
}

// readClaimLine reads one row. Every fault of it is recorded.
func readClaimLine(r row, opts ClaimOptions) (line claimLine) {
	line.month = readMonth(r, "claim_month")
	line.Network = readBody(r, "pcn_code", opts.Known)
	line.reference, line.notes = readText(r, "claim_reference", true, mostName), readText(r, "notes", false, mostSource)
	if !readYes(r, "declaration", false) {
		r.fault("declaration", "the claim is not declared to be right", "write yes once the network has declared it; leave out what it has not")
	}
	line.Person = readPerson(r, "employee_id")
	line.From, line.left = readDay(r, "start_date", dayOnly...), optionalDay(r, "left_date")
	line.Post = domain.Post{
		Area: maybeOneOf(r, "area", domain.AreaOuter, domain.AreaInner, domain.AreaLondon), Supplier: readYes(r, "supplier", false),
	}
	readWeek(r, &line.Post)
	line.Exception = readText(r, "exception", false, mostSource)
	if held := r.given("held"); held != "" {
		line.Held = readQuantity(r, "held", held)
	}
	line.training = readText(r, "training", false, mostSource)
	if line.month != "" {
		line.checkDays(r)
		line.Role = readRole(r, "profession", line, opts)
	}
	line.costs = readCosts(r, line.Role)
	return line
}

// readMonth reads a month, 2021-05, or as the ledger writes it, 2021-22/M02.
func readMonth(r row, column string) domain.Service {
	text := r.text(column)
	if s, err := domain.ParseService(text); err == nil && s != s.WholeYear() {
		return s
	}
	if day, err := domain.ParseDate(text + "-01"); err == nil {
		return monthOf(day)
	}
	r.fault(column, quoted(text)+" is not a month", "write 2021-05 for May 2021, as text")
	return ""
}

// monthOf is the month of service that holds a day.
func monthOf(day domain.Date) domain.Service {
	first, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		panic(fmt.Sprintf("intake: %q is no date: %v", string(day), err)) // it was read as one
	}
	return domain.Service(fmt.Sprintf("%s/M%02d", domain.YearOf(day), (int(first.Month())+8)%12+1))
}

// checkDays finds a post that was not there in the month.
func (l claimLine) checkDays(r row) {
	switch {
	case l.From != "" && l.From > l.month.Last():
		r.fault("start_date", fmt.Sprintf("the post starts on %s, after the month of the claim", l.From), "put right the date or the month")
	case l.left != "" && l.left < l.From:
		r.fault("left_date", fmt.Sprintf("the post is left on %s, before it starts on %s", l.left, l.From), "put right the one that is wrong")
	case l.left != "" && l.left < l.month.First():
		r.fault("left_date", fmt.Sprintf("the post was left on %s, before the month of the claim", l.left), "take the row out, or put right the date")
	}
}

var (
	tokenForm   = regexp.MustCompile(`^[A-Za-z0-9-]{4,64}$`)
	niForm      = regexp.MustCompile(`(?i)^[a-z]{2}[0-9]{6}[a-d]?$`)
	nhsForm     = regexp.MustCompile(`^[0-9]{10}$`)
	punctuation = strings.NewReplacer(" ", "", "-", "")
)

// readPerson reads a random token. What could be a name or a number of the person's is refused, and not repeated.
func readPerson(r row, column string) domain.Person {
	const remedy = "give a random token that says nothing of the person, such as 7f3a-19c2; keep who it is elsewhere"
	text := r.text(column)
	digits := punctuation.Replace(text)
	switch {
	case text == "":
		r.fault(column, "the token of the person is missing", remedy)
	case niForm.MatchString(digits):
		r.hidden(column, "this looks like a National Insurance number, which never enters the ledger", remedy)
	case nhsForm.MatchString(digits):
		r.hidden(column, "this looks like an NHS number or a telephone number, which never enters the ledger", remedy)
	case strings.ContainsAny(text, " ,.'@") || !strings.ContainsAny(text, "0123456789"):
		r.hidden(column, "this may be a name, which never enters the ledger: it has a space, punctuation, or no digit", remedy)
	case !tokenForm.MatchString(text):
		r.hidden(column, "this is no token: it has 4 to 64 letters, digits and hyphens", remedy)
	}
	return domain.Person(text)
}

var weekForm = regexp.MustCompile(`^[0-9]{1,2}(\.[0-9]{1,2})?$`)

// mostHours is the most that the claims portal takes; mostSessions is two for each day of a week.
const (
	mostHours    = 40
	mostSessions = 14
)

// readWeek reads contracted hours, or sessions, a week: one of them.
func readWeek(r row, p *domain.Post) {
	hours, sessions := r.text("hours_per_week"), r.given("sessions")
	switch {
	case hours != "" && sessions != "":
		r.fault("sessions", "both hours and sessions are given", "give sessions for a GP, and hours for anybody else")
	case sessions != "":
		p.Sessions = readPart(r, "sessions", sessions, mostSessions, "9")
	default:
		p.Hours = readPart(r, "hours_per_week", hours, mostHours, "37.5")
	}
}

// readPart reads hours or sessions: more than none, and no more than most.
func readPart(r row, column, text string, most int64, example string) domain.Hours {
	remedy := fmt.Sprintf("give those contracted for a week, more than 0 and at most %d, such as %s", most, example)
	switch {
	case text == "":
		r.fault(column, "the hours are blank, and so are the sessions", remedy)
	case !figureForm.MatchString(text):
		r.fault(column, quoted(text)+" is not a number", remedy)
	default:
		n := decimal.RequireFromString(text)
		switch {
		case n.GreaterThan(decimal.NewFromInt(most)):
			r.fault(column, fmt.Sprintf("%s a week is more than %d", text, most), remedy)
		case n.IsZero() || !weekForm.MatchString(text):
			r.fault(column, quoted(text)+" cannot be claimed", remedy+", with two decimals at most")
		}
	}
	return domain.Hours(text)
}

// readRole reads a role's code or title, as the card of the claim's year has it, or the ledger adopted it.
func readRole(r row, column string, line claimLine, opts ClaimOptions) domain.RateCode {
	text := oneLine(r.text(column))
	day := max(line.From, line.month.First())
	code := domain.RateCode(strings.ToUpper(text))
	if role, ok := rolesOf(line.month.Year()).find(text); ok {
		if opts.Adopted != nil && !opts.Adopted(role, line.Area, day) {
			r.fault(column, fmt.Sprintf("the ledger has adopted no maximum of %s that is in force on %s%s", role, day, inArea(line.Area)),
				"adopt the rate first (AdoptRateCard): pcnledger show rates --year "+string(line.month.Year()))
		}
		return role
	}
	if text != "" && opts.Adopted != nil && opts.Adopted(code, line.Area, day) {
		return code
	}
	reason := fmt.Sprintf("%s is no role that is reimbursed in %s", quoted(text), line.month.Year())
	if text == "" {
		reason = "the profession is blank"
	}
	remedy := "give the code or the title of one that is: pcnledger show rates"
	if likely := rolesOf(line.month.Year()).nearest(text); likely != "" {
		remedy = "did you mean " + likely + "?"
	}
	r.fault(column, reason, remedy)
	return ""
}

func inArea(area domain.CostArea) string {
	if area == "" {
		return ""
	}
	return " in the area " + string(area)
}

// readCosts reads what a post cost in the month, in pounds and pence.
func readCosts(r row, role domain.RateCode) (c domain.Costs) {
	before := len(r.table.found.found)
	for _, part := range []struct {
		column, name string
		most         domain.Pence
		into         *domain.Pence
	}{
		{"monthly_salary", "salary", mostSalary, &c.Salary},
		{"employer_ni", "national insurance", mostNI, &c.NI},
		{"employer_pension", "pension", mostPension, &c.Pension},
		{"fees", "fees", mostFees, &c.Fees},
	} {
		if part.column == "fees" && r.given("fees") == "" {
			continue
		}
		pence, ok := readCost(r, part.column)
		if ok && pence > part.most {
			r.fault(part.column, fmt.Sprintf("%s of %s is more than the %s a month that can be claimed", part.name, pence, part.most), twelfth(pence, part.most))
		}
		*part.into = pence
	}
	const fee = "ARRS_SPLW"
	switch {
	case len(r.table.found.found) > before:
	case c.Fees != 0 && role != "" && role != fee:
		r.fault("fees", fmt.Sprintf("fees are reimbursed for social prescribing link workers only; this is %s", role), "leave the fees out")
	case c.Total() == 0:
		r.fault("monthly_salary", "the post cost nothing in the month", "take the row out, or give its cost")
	}
	return c
}

// twelfth is what would help with a cost that is above what a month's can be.
func twelfth(pence, most domain.Pence) string {
	if month := (pence + 6) / 12; month <= most {
		return fmt.Sprintf("give the month's own: if that is the year's, a twelfth is %s", month)
	}
	return "give the month's own, in pounds"
}

// roles are the reimbursed roles of a year's card.
type roles []domain.Rate

func rolesOf(year domain.Year) (all roles) {
	for _, rate := range domain.RateCard(year) {
		if rate.Kind == domain.RateReimbursedRole && rate.Use == "" {
			all = append(all, rate)
		}
	}
	return all
}

// find returns the role that has a code or title, whatever its capitals.
func (all roles) find(text string) (domain.RateCode, bool) {
	for _, role := range all {
		if strings.EqualFold(text, string(role.Rate)) || strings.EqualFold(text, role.Title) {
			return role.Rate, true
		}
	}
	return "", false
}

// mostLikely is how many roles are offered in the place of one that is unknown.
const mostLikely = 3

// nearest names the roles whose code or title is nearest to a text, the nearest first; none for a blank.
func (all roles) nearest(text string) string {
	if text == "" {
		return ""
	}
	text = strings.ToUpper(text[:min(len(text), mostName)])
	far := func(role domain.Rate) int {
		code := string(role.Rate)
		return min(distance(text, code), distance(text, strings.TrimPrefix(code, "ARRS_")), distance(text, strings.ToUpper(role.Title)))
	}
	return strings.Join(nearestNames(all, far), ", ")
}

func nearestNames(all roles, far func(domain.Rate) int) (names []string) {
	seen := map[domain.RateCode]bool{}
	for len(names) < mostLikely {
		best := -1
		for i, role := range all {
			if !seen[role.Rate] && (best < 0 || far(role) < far(all[best])) {
				best = i
			}
		}
		if best < 0 {
			return names
		}
		seen[all[best].Rate] = true
		names = append(names, fmt.Sprintf("%s (%s)", all[best].Rate, all[best].Title))
	}
	return names
}

// distance is how many letters have to be put in, taken out or changed to make one text of another (Levenshtein).
func distance(a, b string) int {
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		corner := last[0]
		last[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = last[j+1]
			last[j+1] = min(change, corner+1, last[j]+1)
		}
	}
	return last[len(b)]
}
