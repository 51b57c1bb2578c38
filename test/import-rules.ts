import type { IForbiddenRuleType } from 'dependency-cruiser';

/** Which way imports run: ARCHITECTURE.md. */
const layers = ['contract', 'engine', 'box', 'platform', 'features', 'commands'];
const src = (name: string) => `^src/${name}/`;

function mayNot(from: string, to: string, comment: string): IForbiddenRuleType {
  return { name: `${from}-not-${to}`, comment, severity: 'error', from: { path: src(from) }, to: { path: src(to) } };
}

export const importRules: IForbiddenRuleType[] = [
  { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
  { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ...layers.filter((name) => name !== 'contract').map((name) => mayNot('contract', name, 'the contract knows nobody')),
  ...['box', 'platform', 'features', 'commands'].map((name) => mayNot('engine', name, 'the engine is pure')),
  ...['platform', 'features', 'commands'].map((name) => mayNot('box', name, 'the box knows engine and contract')),
  ...['engine', 'box', 'features', 'commands'].map((name) => mayNot('platform', name, 'platform has no domain words')),
  mayNot('features', 'commands', 'features are called by commands'),
  {
    name: 'features-by-the-front-door',
    comment: "another feature is reached only through the file with its folder's name",
    severity: 'error',
    from: { path: '^src/features/([^/]+)/' },
    to: { path: '^src/features/([^/]+)/', pathNot: ['^src/features/$1/', '^src/features/([^/]+)/\\1\\.ts$'] },
  },
  {
    name: 'nobody-imports-wiring',
    severity: 'error',
    from: { path: '^src/(contract|engine|box|platform|features)/' },
    to: { path: '^src/(app|main|config)\\.ts$' },
  },
  {
    name: 'product-not-test',
    severity: 'error',
    from: { path: '^src/', pathNot: '\\.test\\.ts$' },
    to: { path: ['^test/', 'devDependencies'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'only-declared-packages',
    severity: 'error',
    from: { path: '^src/', pathNot: '\\.test\\.ts$' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
];
