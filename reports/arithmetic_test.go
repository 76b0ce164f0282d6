package reports

import (
	"strings"
	"testing"

	"pcnledger/domain"
)

func TestPounds(t *testing.T) {
	for amount, want := range map[string]string{"1.5": "£1.50", "0.5143": "£0.5143", "37810": "£37,810.00", "1.761": "£1.761"} {
		if got := pounds(amount); got != want {
			t.Errorf("%s is printed %s, want %s", amount, got, want)
		}
	}
}

func TestPercentageIsRoundedHalfAwayFromZero(t *testing.T) {
	for _, test := range []struct {
		part, whole domain.Pence
		want        string
	}{{1, 2, "50.0"}, {5, 10_000, "0.1"}, {4, 10_000, "0.0"}, {-5, 10_000, "-0.1"}, {2, 3, "66.7"}, {3, 0, ""}, {12, 10, "120.0"}} {
		if got := percentage(test.part, test.whole); got != test.want {
			t.Errorf("%d of %d is %s %%, want %s", test.part, test.whole, got, test.want)
		}
	}
}

func TestTheWordsOfAnApproval(t *testing.T) {
	line := domain.ApprovedLine{Percent: "100", Cost: 1_950_00, Part: 1_950_00, Maximum: 1_895_17, Pence: 1_895_17}
	if got, want := line.Words(), "100 % of £1,950.00 = £1,950.00; maximum £1,895.17; paid to the maximum"; got != want {
		t.Errorf("above the maximum: %q", got)
	}
	line.Pence = 12_00
	if got, want := line.Words(), "100 % of £1,950.00 = £1,950.00; maximum £1,895.17; paid to the £12.00 left of the network's sum"; got != want {
		t.Errorf("above the sum: %q", got)
	}
}

func TestMonthName(t *testing.T) {
	for service, want := range map[domain.Service]string{"2019-20/M04": "July 2019", "2019-20/M12": "March 2020", "2019-20": "2019-20", "": ""} {
		if got := monthName(service); got != want {
			t.Errorf("%s is %q, want %q", service, got, want)
		}
	}
}

func TestTheSentencesOfExplanations(t *testing.T) {
	var page strings.Builder
	tree := domain.Explanation{Figure: "item 1.1", Value: "£1.00", Numbers: "2 beds × £0.50 = £1.00", Recorded: "£1.01",
		Inputs: []domain.Input{{Name: "beds", Value: "2", Event: 7, Source: "directory", File: "beds.csv"}}, Parts: []domain.Explanation{{Figure: "April 2021", Value: "£1.00"}}}
	if err := Explanations(&page, []domain.Explanation{tree}, 60); err != nil {
		t.Fatal(err)
	}
	want := `item 1.1: £1.00
  ! THE EVENT HOLDS ANOTHER FIGURE: £1.01
  = 2 beds × £0.50 = £1.00
  - beds: 2 [event 7; directory; file beds.csv]
  April 2021: £1.00
`
	if page.String() != want {
		t.Errorf("the tree is\n%s\nwant\n%s", page.String(), want)
	}
}
