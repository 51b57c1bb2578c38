/** Words of a verdict and of a signal, strongest statement first. There is none for "real". */
export const strengths = ['declared', 'strong', 'some', 'little', 'not-applicable'] as const;
