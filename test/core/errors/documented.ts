/**
 * Every code that Meta documents, with what its pages say about trying again, written down apart from the table: a row
 * that gets lost there, or that grows bolder, is found here. Pages: "Error codes" of the Cloud API, of calls, groups,
 * flows and template management, and "Handling errors" of the Graph API.
 */

/**
 * `never`; `server`: trouble of Meta's, to be tried again with growing waits; `seconds`, `pair`, `stated`: a limit that
 * passes in seconds, after 4^n seconds, or at a time in the details; `minute`, `5 minutes`, …: after that time;
 * `hours`, `day`: not in a loop; `call`: the call is over, and another may be made.
 */
export type Retry =
  | "never"
  | "server"
  | "seconds"
  | "pair"
  | "stated"
  | "minute"
  | "5 minutes"
  | "10 minutes"
  | "72 hours"
  | "hours"
  | "day"
  | "call"

const all = (retry: Retry, ...codes: ReadonlyArray<number>): ReadonlyArray<readonly [number, Retry]> =>
  codes.map((code) => [code, retry])

export const documented: ReadonlyArray<readonly [code: number, retry: Retry]> = [
  // Graph API
  ...all("never", 0, 3, 10, 33, 100, 102, 104, 190, 192, 200, 299, 368, 803, 200005, 200006, 200007, 1752041),
  ...all("server", 1, 2),
  ...all("minute", 4, 17, 613, 80007, 80008),
  ...all("seconds", 341),
  // Sending
  ...all("seconds", 130429),
  ...all("server", 131000, 131016, 131027),
  ...all("pair", 131056),
  ...all("minute", 131057),
  ...all("hours", 131048, 131064),
  ...all("day", 131049),
  ...all("never", 130403, 130472, 130497, 130501, 131005, 131008, 131009, 131020, 131021, 131026, 131030, 131031),
  ...all("never", 131035, 131036, 131037, 131041, 131042, 131043, 131044, 131045, 131047, 131050, 131051, 131052),
  ...all("never", 131053, 131055, 131059, 131060, 131062, 131063, 134011, 134100, 134102, 134103, 135000, 137000),
  ...all("never", 139200, 1013, 1026),
  ...all("10 minutes", 134101),
  // Templates and flows when they are sent
  ...all("never", 132000, 132001, 132005, 132007, 132008, 132012, 132016, 132018, 132068),
  ...all("hours", 132015, 132069),
  // Registration
  ...all("never", 133000, 133005, 133006, 133010),
  ...all("server", 133004),
  ...all("stated", 133008, 133009),
  ...all("5 minutes", 133015),
  ...all("72 hours", 133016),
  // Calls
  ...all("never", 138000, 138001, 138003, 138006, 138011, 138013, 138014, 138015, 138017, 138018, 138024, 138025),
  ...all("seconds", 138002),
  ...all("server", 138004, 138007),
  ...all("minute", 138005),
  ...all("day", 138009),
  ...all("stated", 138012),
  ...all("call", 138019, 138020, 138021, 138022, 138023),
  // Flows and blocked people
  ...all("never", 139000, 139001, 139002, 139003, 139004, 139006, 139100, 139101, 139102, 135002),
  ...all("server", 139103),
  // Groups
  ...all("never", 131201, 131202, 131203, 131204, 131207, 131209, 131210, 131211, 131212, 131213, 131215),
  ...all("minute", 131208),
  ...all("day", 131214),
  // Usernames and sign-up
  ...all("never", 147001, 147002, 147003, 147004, 147005),
  ...all("never", 2494164, 2494165, 2494166, 2494167, 2494168, 2494176, 2494177, 2494179),
  // Management of templates, migration, synchronisation
  ...all("never", 200002, 2388019, 2388039, 2388040, 2388047, 2388072, 2388073, 2388077, 2388109, 2388293, 2388299),
  ...all("never", 2388001, 2388012, 2388091, 2388093, 2388103, 2593079, 2593085, 2593107, 2593108, 2593109),
  ...all("minute", 2494100),
  // Health
  ...all("never", 141002, 141010)
]

/** Codes that Meta sends as a subcode too, under a code that refuses and says little. */
export const wrapped: ReadonlyArray<number> = documented.map(([code]) => code).filter((code) => code > 2_000_000)

export const wrappers = [100, 192, 368, 200002] as const

/** Subcodes that change what a code means. */
export const subcodes: ReadonlyArray<readonly [code: number, subcode: number, retry: Retry]> = [
  [4, 2446079, "minute"],
  [17, 2446079, "minute"],
  [80007, 2446079, "minute"],
  [4, 2446080, "hours"],
  [4, 2390008, "seconds"],
  [100, 33, "never"],
  [190, 460, "never"],
  [190, 463, "never"],
  [190, 467, "never"],
  [200, 1349174, "never"],
  [200, 1349175, "never"],
  [200, 1349176, "never"],
  [2, 1349174, "server"],
  [2, 1675030, "server"],
  [200002, 2388109, "never"]
]
