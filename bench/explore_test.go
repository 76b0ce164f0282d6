package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestExplore(t *testing.T) {
	want := os.Getenv("EXPLORE")
	if want == "" {
		t.Skip()
	}
	o := Options{Events: DefaultEvents, Lines: DefaultLines, Clients: 1, Postings: DefaultPostings, Progress: func(s string) { fmt.Println(s) }}
	for _, s := range strings.Split(want, ",") {
		n, _ := strconv.Atoi(s)
		o.Rows = append(o.Rows, n)
	}
	if s := os.Getenv("LINES"); s != "" {
		o.Lines, _ = strconv.Atoi(s)
	}
	if s := os.Getenv("CLIENTS"); s != "" {
		o.Clients, _ = strconv.Atoi(s)
	}
	report, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.MarshalIndent(report, "", " ")
	if os.Getenv("JSON") != "" {
		fmt.Println(string(text))
	}
	report.Text(os.Stdout)
}
