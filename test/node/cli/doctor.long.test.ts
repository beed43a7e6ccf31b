import { faults } from "../doctor/faults.ts"
import { findsEach, isQuick } from "./doctorFaults.ts"

// Every third, of each part of the table; without a process each, all are in ../doctor/faults.test.ts.
findsEach(faults.filter((_, i) => i % 3 === 0 && !isQuick(i)))
