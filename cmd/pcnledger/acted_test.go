package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"pcnledger/domain"
	"pcnledger/ledger"
)

// acted is the programme by which a script lets several officers act: it begins a demo ledger, the only one that takes
// actors and times from a script, and puts to it the lines of a file, each an actor, a time and a command. LOGIN stands for
// who runs the script; REQUEST and DIGEST for the command that was held last.
func acted() {
	if err := act(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitBroken)
	}
}

func act(ctx context.Context, data, file string) error {
	actor, err := login()
	if err != nil {
		return err
	}
	o := ledger.Options{Dir: data, Name: firstLedger, Actor: actor}
	begin := domain.CreateLedger{Ledger: firstLedger, Commissioner: "ods:10Q", Kind: domain.KindDemo}
	if _, err := ledger.Create(ctx, o, begin, &ledger.Script{Actor: "init", At: time.Date(2019, 4, 1, 9, 0, 0, 0, time.UTC)}); err != nil {
		return err
	}
	l, err := ledger.Open(ctx, o)
	if err != nil {
		return err
	}
	defer l.Close()
	lines, err := os.Open(file)
	if err != nil {
		return err
	}
	defer lines.Close()
	var held ledger.Receipt
	for scan := bufio.NewScanner(lines); scan.Scan(); {
		words := strings.NewReplacer("LOGIN", actor, "REQUEST", strconv.FormatInt(held.First, 10), "DIGEST", held.Digest)
		receipt, err := actLine(ctx, l, words.Replace(scan.Text()))
		if err != nil {
			return fmt.Errorf("%s: %w", scan.Text(), err)
		}
		if receipt.Outcome == ledger.Held {
			held = receipt
		}
	}
	return nil
}

func actLine(ctx context.Context, l *ledger.Ledger, line string) (ledger.Receipt, error) {
	words := strings.SplitN(line, " ", 3)
	at, err := time.Parse("2006-01-02T15:04", words[1])
	if err != nil {
		return ledger.Receipt{}, err
	}
	command, err := ledger.ParseCommand([]byte(words[2]))
	if err != nil {
		return ledger.Receipt{}, err
	}
	receipts, err := l.SubmitScripted(ctx, ledger.Script{Actor: words[0], At: at}, command)
	if err != nil {
		return ledger.Receipt{}, err
	}
	fmt.Print(receiptText(receipts[0], ""))
	if receipts[0].Outcome == ledger.Refused {
		return receipts[0], receipts[0].Refusal
	}
	return receipts[0], nil
}
