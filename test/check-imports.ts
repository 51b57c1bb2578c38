import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { importRules } from './import-rules.ts';

/** Runs dependency-cruiser over src and fails on a wrong import, and also when it looked at next to nothing. */
const { output } = await cruise(
  ['src'],
  {
    validate: true,
    ruleSet: { forbidden: importRules },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
  undefined,
  { tsConfig: extractTSConfig('tsconfig.json') },
);
if (typeof output === 'string') throw new Error('dependency-cruiser gave no result object');

const modules = output.modules.filter(({ source }) => source.startsWith('src/'));
const { violations } = output.summary;
for (const { rule, from, to } of violations) process.stdout.write(`${rule.severity} ${rule.name}: ${from} → ${to}\n`);

// Under some compilers dependency-cruiser silently sees no TypeScript at all.
const least = 60;
const edges = modules.reduce((sum, module) => sum + module.dependencies.length, 0);
process.stdout.write(`${modules.length} modules, ${edges} imports, ${violations.length} violations\n`);
if (modules.length < least || edges < modules.length) {
  throw new Error(`dependency-cruiser saw only ${modules.length} modules and ${edges} imports`);
}
if (violations.some(({ rule }) => rule.severity === 'error')) process.exitCode = 1;
