package domain

import "testing"

// profile is a budget of two months.
func profile(april, may Pence) SetBudget {
	return SetBudget{Fund: core, Months: []BudgetMonth{{"2019-20/M01", april}, {"2019-20/M02", may}}}
}

var budgetRows = []row{
	{
		name:  "a fund's budget is set by month",
		given: untilFunded19,
		when:  profile(pounds(350_000), pounds(250_000)),
		then:  BudgetSet(profile(pounds(350_000), pounds(250_000))),
	},
	{
		name:  "another budget takes the place of the one before",
		given: more(untilFunded19, also(240, "2019-06-11", profile(pounds(350_000), pounds(250_000)))),
		when:  profile(pounds(300_000), pounds(300_000)),
		then:  BudgetSet(profile(pounds(300_000), pounds(300_000))),
	},
	{
		name:      "setting the same budget again changes nothing",
		given:     more(untilFunded19, also(240, "2019-06-11", profile(pounds(350_000), pounds(250_000)))),
		when:      profile(pounds(350_000), pounds(250_000)),
		unchanged: true,
	},
	{
		name:  "a budget above the fund's limit is refused",
		given: untilFunded19,
		when:  profile(pounds(350_000), pounds(250_000)+1),
		rule:  RuleBudget,
	},
	{
		name:  "a budget below the fund's limit is refused",
		given: untilFunded19,
		when:  profile(pounds(350_000), pounds(250_000)-1),
		rule:  RuleBudget,
	},
	{
		name:  "a budget that names a month twice is refused",
		given: untilFunded19,
		when:  SetBudget{Fund: core, Months: []BudgetMonth{{"2019-20/M01", pounds(300_000)}, {"2019-20/M01", pounds(300_000)}}},
		rule:  RuleBudget,
	},
	{
		name:  "a budget for the year as a whole is refused",
		given: untilFunded19,
		when:  SetBudget{Fund: core, Months: []BudgetMonth{{year19, pounds(600_000)}}},
		rule:  RuleBudget,
	},
	{
		name:  "a budget that names no month is refused",
		given: untilFunded19,
		when:  SetBudget{Fund: core, Months: []BudgetMonth{{"", pounds(600_000)}}},
		rule:  RuleBudget,
	},
	{
		name:  "a budget for a month of another year is refused",
		given: untilFunded19,
		when:  SetBudget{Fund: core, Months: []BudgetMonth{{"2018-19/M12", pounds(600_000)}}},
		rule:  RuleServiceOutside,
	},
	{
		name:  "a month's budget below nothing is refused",
		given: untilFunded19,
		when:  profile(pounds(600_001), pounds(-1)),
		rule:  RuleAmountPositive,
	},
	{
		name:  "a budget without months is refused",
		given: untilFunded19,
		when:  SetBudget{Fund: core},
		rule:  RuleLinesMissing,
	},
	{
		name:  "a budget of a fund that does not exist is refused",
		given: untilFunded19,
		when:  SetBudget{Fund: "CORE-2020", Months: []BudgetMonth{{"2020-21/M01", 1}}},
		rule:  RuleFundUnknown,
	},
	{
		name:  "a budget of a closed fund is refused",
		given: more(untilFunded19, also(240, "2020-04-02", CloseFund{Fund: core, Reason: "end of the financial year"})),
		when:  profile(pounds(350_000), pounds(250_000)),
		rule:  RuleFundClosed,
	},
}

func TestBudgets(t *testing.T) { tell(t, budgetRows) }
