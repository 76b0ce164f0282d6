package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pcnledger/domain"
	"pcnledger/ledger"
)

// acted is the programme by which a script lets several officers act: it begins a demo ledger, the only one that takes
// actors and times from a script, and puts to it the lines of its files, each an actor, a time and a command. A line that
// begins with ! has to be refused, any other must not be. LOGIN stands for who runs the script; REQUEST and DIGEST for the
// command that was held last, as its receipt, or a refusal for having changed, says them; ${ID} for the number of the last
// event of the command ID. Put again, a line is repeated as any command is. With --json before the rest it prints receipts
// as JSON.
func acted() {
	args, asJSON := os.Args[1:], os.Args[1] == "--json"
	if asJSON {
		args = args[1:]
	}
	if err := act(context.Background(), asJSON, args[0], args[1:]...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitBroken)
	}
}

func act(ctx context.Context, asJSON bool, data string, files ...string) error {
	actor, err := login()
	if err != nil {
		return err
	}
	o := ledger.Options{Dir: data, Name: firstLedger, Actor: actor}
	begin := domain.CreateLedger{Ledger: firstLedger, Commissioner: "ods:10Q", Kind: domain.KindDemo}
	if _, err := ledger.Create(ctx, o, begin, &ledger.Script{Actor: "init", At: time.Date(2018, 4, 1, 9, 0, 0, 0, time.UTC)}); err != nil {
		return err
	}
	l, err := ledger.Open(ctx, o)
	if err != nil {
		return err
	}
	defer l.Close()
	s := stage{Ledger: l, out: terminal{out: os.Stdout}, asJSON: asJSON, words: map[string]string{"LOGIN": actor}}
	for _, file := range files {
		if err := s.file(ctx, file); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// A stage is a ledger on which officers act, and what the words of their lines stand for.
type stage struct {
	*ledger.Ledger
	out    terminal
	asJSON bool
	words  map[string]string
}

func (s *stage) file(ctx context.Context, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := s.line(ctx, line); err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
	}
	return lines.Err()
}

func (s *stage) line(ctx context.Context, line string) error {
	line, forbidden := strings.CutPrefix(s.meant(line), "! ")
	words := strings.SplitN(line, " ", 3)
	at, err := time.Parse("2006-01-02T15:04", words[1])
	if err != nil {
		return err
	}
	command, err := ledger.ParseCommand([]byte(words[2]))
	if err != nil {
		return err
	}
	receipts, err := s.SubmitScripted(ctx, ledger.Script{Actor: words[0], At: at}, command)
	if err != nil {
		return err
	}
	r := receipts[0]
	if err := s.out.receipt(r, "", s.asJSON); err != nil {
		return err
	}
	s.note(r)
	if refused := r.Outcome == ledger.Refused; refused != forbidden {
		return errors.New("it was " + string(r.Outcome))
	}
	return nil
}

var (
	wordForm   = regexp.MustCompile(`LOGIN|REQUEST|DIGEST|\$\{[^}]+\}`)
	digestForm = regexp.MustCompile(`with the digest ([0-9a-f]{64})`)
)

// meant puts what its words stand for into a line.
func (s *stage) meant(line string) string {
	return wordForm.ReplaceAllStringFunc(line, func(word string) string { return s.words[word] })
}

// note keeps in mind what an officer would read off a receipt.
func (s *stage) note(r ledger.Receipt) {
	if r.Last > 0 {
		s.words["${"+r.Command+"}"] = strconv.FormatInt(r.Last, 10)
	}
	switch {
	case r.Digest != "": // held, now or before
		s.words["REQUEST"], s.words["DIGEST"] = strconv.FormatInt(r.First, 10), r.Digest
	case r.Refusal != nil && r.Refusal.Rule == domain.RuleRequestChanged:
		if found := digestForm.FindStringSubmatch(r.Refusal.Remedy); found != nil {
			s.words["DIGEST"] = found[1]
		}
	}
}
