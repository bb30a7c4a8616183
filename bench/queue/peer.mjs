// The peer: graphile-worker, set up as its performance page advises. PEER_MODULES is the folder with its node_modules.
//   peer.mjs migrate | drain [CONCURRENCY] [LOCAL_QUEUE] | latency SAMPLES
import { createRequire } from "node:module";

const require = createRequire(process.env.PEER_MODULES + "/");
const { pathToFileURL } = await import("node:url");
const worker = await import(pathToFileURL(require.resolve("graphile-worker")).href);
const connectionString = process.env.PEER_DB;
const [action, ...args] = process.argv.slice(2);

const silent = new worker.Logger(() => () => {});

function preset(concurrentJobs, localQueueSize) {
    return {
        worker: {
            connectionString,
            concurrentJobs,
            maxPoolSize: concurrentJobs + 1,
            pollInterval: 2000,
            logger: silent,
            localQueue: { size: localQueueSize, refetchDelay: { durationMs: 10 } },
            completeJobBatchDelay: 0,
            failJobBatchDelay: 0,
        },
    };
}

const ms = () => Number(process.hrtime.bigint()) / 1e6;

// Runs what is queued and prints jobs, milliseconds: from the call until it has returned, module loading left out.
async function drain(concurrentJobs, localQueueSize) {
    let done = 0;
    const began = ms();
    await worker.runOnce({ preset: preset(concurrentJobs, localQueueSize), taskList: { noop: () => { done++; } } });
    console.log(done, (ms() - began).toFixed(1));
}

// One job at a time on an idle worker: from before the call that enqueues until its handler starts.
async function latency(samples) {
    const pg = (await import(pathToFileURL(require.resolve("pg")).href)).default;
    const client = new pg.Client({ connectionString });
    await client.connect();
    let started;
    const taskList = { noop: () => { started(ms()); } };
    // Batching helps throughput and may cost latency: the plain set-up is the peer's best here.
    const runner = await worker.run({ preset: { worker: { connectionString, concurrentJobs: 1, logger: silent, pollInterval: 2000 } }, taskList });
    const took = [], after = [];
    for (let i = 0; i < samples + 20; i++) {
        const start = new Promise((resolve) => { started = resolve; });
        const began = ms();
        await client.query("SELECT graphile_worker.add_job('noop', '{}'::json)");
        const committed = ms(), at = await start;
        took.push(at - began);
        after.push(at - committed);
        await new Promise((resolve) => setTimeout(resolve, 25));  // until it idles again
    }
    await runner.stop();
    await client.end();
    const sorted = (times) => times.slice(20).sort((a, b) => a - b);  // the first ones warm it up
    const kept = sorted(took), late = sorted(after);
    console.log(kept[kept.length >> 1].toFixed(3), kept[Math.floor(kept.length * 0.99)].toFixed(3), late[late.length >> 1].toFixed(3));
}

if (action === "migrate") {
    await worker.runMigrations({ preset: preset(1, 1) });
} else if (action === "drain") {
    await drain(Number(args[0] ?? 24), Number(args[1] ?? 500));
} else if (action === "latency") {
    await latency(Number(args[0]));
} else {
    console.error("unknown action " + action);
    process.exit(2);
}
process.exit(0);
