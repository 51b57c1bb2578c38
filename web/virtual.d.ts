declare module 'virtual:licences' {
  /** The packages that Clearmirror is made of, from package.json at the time of the build. */
  export const licences: { name: string; version: string; licence: string }[];
}
