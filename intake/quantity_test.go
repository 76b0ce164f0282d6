package intake_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pcnledger/domain"
	"pcnledger/intake"
)

const quantityHeader = "measure,from,body,quantity,source,factors\n"

var counting = intake.QuantityOptions{Ledger: "oxfordshire", Known: func(b domain.Body) (string, bool) { return "", b != "ods:U99999" }}

// The beds are those that the payments of 2021/22 to Banbury Alliance come to: £39,360 at £120.
func TestQuantitiesAreRecordedByMeasureAndDay(t *testing.T) {
	made, err := intake.Quantities(strings.NewReader(quantityHeader+
		"care home beds,2021-04-01,U62251,328,CQC directory,\n"+
		"QOF points,2021-04-01,U62251,12.5,CQRS,prevalence=1.02; list size=2/3\n"+
		"care home beds,2021-04-01,U23620,0,CQC directory,\n"), "beds.csv", counting)
	if err != nil {
		t.Fatal(err)
	}
	var got []domain.Command
	for _, n := range made.Commands {
		c := n.Command.(domain.RecordQuantity)
		if c.Source.File != "beds.csv" || len(c.Source.SHA256) != 64 {
			t.Errorf("the source is %+v", c.Source)
		}
		c.Source = domain.Source{Title: c.Source.Title}
		got = append(got, c)
	}
	want := []domain.Command{
		domain.RecordQuantity{Measure: "care home beds", From: "2021-04-01", Source: domain.Source{Title: "CQC directory"}, Lines: []domain.QuantityLine{
			{Body: "ods:U62251", Quantity: "328"}, {Body: "ods:U23620", Quantity: "0"},
		}},
		domain.RecordQuantity{Measure: "QOF points", From: "2021-04-01", Source: domain.Source{Title: "CQRS"}, Lines: []domain.QuantityLine{
			{Body: "ods:U62251", Quantity: "12.5", Factors: []domain.Factor{{Name: "prevalence", Factor: "1.02"}, {Name: "list size", Factor: "2/3"}}},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

var badQuantities = []struct {
	name string
	rows string
	want []at
}{
	{"a header alone has no quantity", "", []at{{}}},
	{"a quantity without a measure is refused", ",2021-04-01,U62251,328,CQC,\n", []at{{2, 1, "measure"}}},
	{"a date with slashes is refused", "beds,01/04/2021,U62251,328,CQC,\n", []at{{2, 2, "from"}}},
	{"a total row is no organisation", "beds,2021-04-01,,9000,CQC,\n", []at{{2, 3, "body"}}},
	{"a total row with a word is no organisation", "beds,2021-04-01,TOTAL,9000,CQC,\n", []at{{2, 3, "body"}}},
	{"a body that the ledger does not know is refused", "beds,2021-04-01,U99999,328,CQC,\n", []at{{2, 3, "body"}}},
	{"a negative quantity is refused", "beds,2021-04-01,U62251,-1,CQC,\n", []at{{2, 4, "quantity"}}},
	{"a blank quantity is refused", "beds,2021-04-01,U62251,,CQC,\n", []at{{2, 4, "quantity"}}},
	{"a part of nothing is refused", "beds,2021-04-01,U62251,1/0,CQC,\n", []at{{2, 4, "quantity"}}},
	{"a quantity without a source is refused", "beds,2021-04-01,U62251,328,,\n", []at{{2, 5, "source"}}},
	{"a factor without a name is refused", "beds,2021-04-01,U62251,328,CQC,1.02\n", []at{{2, 6, "factors"}}},
	{"a row that stands twice is refused", "beds,2021-04-01,U62251,328,CQC,\nbeds,2021-04-01,U62251,329,CQC,\n", []at{{3, 3, "body"}}},
	{"two sources of one measure and day are refused", "beds,2021-04-01,U62251,328,CQC,\nbeds,2021-04-01,U23620,5,ICB,\n", []at{{3, 5, "source"}}},
}

func TestBadQuantitiesAreRefusedWithThePlaceAndTheRemedy(t *testing.T) {
	var wording strings.Builder
	for _, bad := range badQuantities {
		made, err := intake.Quantities(strings.NewReader(quantityHeader+bad.rows), "beds.csv", counting)
		fmt.Fprintf(&wording, "# %s\n%v\n\n", bad.name, err)
		t.Run(bad.name, func(t *testing.T) { checkRefused(t, made, err, "beds.csv", bad.want) })
	}
	checkWording(t, "quantity-errors.golden", wording.String())
}

func TestAWrongFileHasNoQuantities(t *testing.T) {
	made, err := intake.Quantities(strings.NewReader(memberHeader), "members.csv", counting)
	checkRefused(t, made, err, "members.csv", []at{{line: 1}})
}

func FuzzQuantities(f *testing.F) {
	for _, bad := range badQuantities {
		f.Add([]byte(quantityHeader + bad.rows))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		made, err := intake.Quantities(bytes.NewReader(raw), "beds.csv", counting)
		if err != nil {
			checkTold(t, made, err)
		}
	})
}
