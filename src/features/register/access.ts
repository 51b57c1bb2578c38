/** Who may. Names of roles as `grantsOf` of the accounts gives them. */
export const readers = ['company'] as const;
/** Engineers too: the register follows what they build, and a pipeline applies `clearmirror.yaml` with a key of theirs. */
export const writers = ['company.administrator', 'company.assessor', 'company.engineer'] as const;
/** What the company says about itself, and that a happening has no further consequence. */
export const stewards = ['company.administrator', 'company.assessor'] as const;
