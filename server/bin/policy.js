#!/usr/bin/env node
// Starts the bundled command line; says what to do when the bundle has not been built.
