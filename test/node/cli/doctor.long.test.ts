import { faults } from "../doctor/faults.ts"
import { findsEach } from "./doctorFaults.ts"

findsEach(faults)
