// Dump does for make.sh what the encoders do not: it paints the pictures, adds
// the tile-part lengths that PS3.5 10.18 wants, and writes the index with the
// hashes of what the reference decoders give.
//
//	dump paint DIR          writes the pictures (PGM, PPM) and clips (raw RGB) into DIR
//	dump tlm FILE...        inserts a TLM segment into codestreams, in place
//	dump index FRAMES DIR   decodes the files of FRAMES, compares them with the
//	                        pictures in DIR, and prints index.json
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "dump:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, args []string) error {
	switch {
	case len(args) == 2 && args[0] == "paint":
		return paint(args[1])
	case len(args) > 1 && args[0] == "tlm":
		for _, file := range args[1:] {
			if err := insertLengths(file); err != nil {
				return err
			}
		}
		return nil
	case len(args) == 3 && args[0] == "index":
		sets, err := index(ctx, args[1], args[2])
		if err != nil {
			return err
		}
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(sets)
	}
	return errors.New("usage: dump paint DIR | dump tlm FILE... | dump index FRAMES DIR")
}
