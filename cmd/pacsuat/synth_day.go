package main

import (
	"context"

	"github.com/spf13/cobra"

	"pacsuat/synth"
)

type dayFlags struct{ date string }

func (f *dayFlags) register(c *cobra.Command) {}

func (a *app) synthDay(ctx context.Context, f *synthFlags, recipes []synth.Recipe) error { return nil }
