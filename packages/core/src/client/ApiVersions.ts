/** The versions of the Graph API, and how long Meta serves them. Meta page: "Graph API > Versions". */

export interface ApiVersion {
  /** The day on which it came out, as in `2025-05-29`. */
  readonly released: string
  /** The first day on which it is not served any more; absent as long as Meta has not said it. */
  readonly sunset?: string
}

/** What a client asks for that is not told otherwise; pinned, so that Meta's releases never change behaviour under us. */
export const defaultApiVersion = "v23.0"

/** As of autumn 2026. A call to a version that is gone is served by the oldest that is not, without an error. */
export const apiVersions: { readonly [version: string]: ApiVersion } = {
  "v19.0": { released: "2024-01-23", sunset: "2026-05-21" },
  "v20.0": { released: "2024-05-21", sunset: "2026-09-24" },
  "v21.0": { released: "2024-10-02", sunset: "2027-01-21" },
  "v22.0": { released: "2025-01-21", sunset: "2027-05-20" },
  [defaultApiVersion]: { released: "2025-05-29", sunset: "2027-10-08" },
  "v24.0": { released: "2025-10-08", sunset: "2028-02-18" },
  "v25.0": { released: "2026-02-18", sunset: "2028-07-29" },
  "v26.0": { released: "2026-07-29" }
}
