// The rules of `redocly lint`, asked of its engine: the command around it brings a web site's worth of packages.
import { createConfig, formatProblems, getTotals, lint } from '@redocly/openapi-core';

// The project has no licence yet.
const config = await createConfig({ extends: ['recommended'], rules: { 'info-license': 'off' } });
const problems = await lint({ ref: process.argv[2], config });
const totals = getTotals(problems);
formatProblems(problems, { format: 'codeframe', totals, version: '' });
console.log(`${totals.errors} errors, ${totals.warnings} warnings`);
process.exit(totals.errors === 0 ? 0 : 1);
