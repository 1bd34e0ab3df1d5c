package dev.weft.gateway.simulation;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.residency.Tier;
import dev.weft.protocol.worker.WorkerLoad;
import dev.weft.protocol.worker.WorkerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A worker with slots for adapters, host memory behind them, rows, and a queue before the rows. If
 * it needs a slot, an adapter without requests leaves, the one unused for longest first. It loads
 * one adapter at a time. One thread.
 */
final class SimulatedWorker {
    /** A request here, and what is called when it ends. */
    private record Job(SimulatedRequest request, Runnable done) {}

    /** An adapter in a slot. */
    private static final class Slot {
        private boolean loaded;
        private int users;
        private final List<Job> waiting = new ArrayList<>();
    }

    private final SimulatedFleet.Worker kind;
    private final Clockwork clock;
    private final SimulationOutcome outcome;
    private final Map<Integer, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Integer, Boolean> hosted = new LinkedHashMap<>(16, 0.75f, true);
    private final Deque<Job> withoutSlot = new ArrayDeque<>();
    private final Deque<Job> queue = new ArrayDeque<>();
    private double loaderFree;
    private double meanSeconds;
    private int running;
    private int requests;
    private @Nullable Map<AdapterDigest, Tier> held;

    /** True if its state has changed since it was last told. */
    private boolean changed = true;

    SimulatedWorker(SimulatedFleet.Worker kind, Clockwork clock, SimulationOutcome outcome) {
        this.kind = kind;
        this.clock = clock;
        this.outcome = outcome;
    }

    /** Takes a request. */
    void take(SimulatedRequest request, Runnable done) {
        requests++;
        changed = true;
        adapterFor(new Job(request, done));
    }

    private void adapterFor(Job job) {
        int adapter = job.request.adapter();
        Slot slot = slots.get(adapter);
        if (slot == null) {
            slot = place(adapter);
            if (slot == null) {
                withoutSlot.add(job);
                return;
            }
        }
        slot.users++;
        if (slot.loaded) {
            rowFor(job);
        } else {
            slot.waiting.add(job);
        }
    }

    /** Loads an adapter before it is asked for, unless others are in its way. */
    void loadAhead(int adapter) {
        boolean free = loaderFree <= clock.now() && withoutSlot.isEmpty();
        if (free && !slots.containsKey(adapter) && place(adapter) != null) {
            outcome.ahead();
        }
    }

    /** Begins to load an adapter into a slot; null if requests use all slots. */
    private @Nullable Slot place(int adapter) {
        if (slots.size() >= kind.slots() && !evict()) {
            return null;
        }
        Slot slot = new Slot();
        slots.put(adapter, slot);
        held = null;
        changed = true;
        load(adapter, slot);
        return slot;
    }

    private void load(int adapter, Slot slot) {
        boolean warm = hosted.remove(adapter) != null;
        outcome.loaded(warm);
        double takes = Clockwork.seconds(warm ? kind.times().reload() : kind.times().cold());
        loaderFree = Math.max(loaderFree, clock.now()) + takes;
        clock.at(
                loaderFree,
                () -> {
                    slot.loaded = true;
                    slot.waiting.forEach(this::rowFor);
                    slot.waiting.clear();
                });
    }

    private boolean evict() {
        Iterator<Map.Entry<Integer, Slot>> unusedFirst = slots.entrySet().iterator();
        while (unusedFirst.hasNext()) {
            Map.Entry<Integer, Slot> entry = unusedFirst.next();
            if (entry.getValue().users == 0 && entry.getValue().loaded) {
                unusedFirst.remove();
                outcome.evicted();
                host(entry.getKey());
                return true;
            }
        }
        return false;
    }

    private void host(int adapter) {
        hosted.put(adapter, true);
        if (hosted.size() > kind.hosted()) {
            Iterator<Integer> first = hosted.keySet().iterator();
            first.next();
            first.remove();
        }
    }

    private void rowFor(Job job) {
        if (running < kind.rows()) {
            start(job);
        } else {
            queue.add(job);
        }
    }

    private void start(Job job) {
        running++;
        changed = true;
        SimulatedRequest request = job.request;
        double prefill = request.promptTokens() * Clockwork.seconds(kind.times().promptToken());
        double decode = request.answerTokens() * kind.times().stepSeconds(running);
        outcome.firstToken(clock.now() + prefill - request.arrival());
        meanSeconds += (prefill + decode - meanSeconds) / 50;
        clock.after(prefill + decode, () -> end(job));
    }

    private void end(Job job) {
        running--;
        requests--;
        changed = true;
        Slot slot = slots.get(job.request.adapter());
        if (slot != null) {
            slot.users--;
        }
        job.done.run();
        if (!queue.isEmpty()) {
            start(queue.poll());
        }
        if (!withoutSlot.isEmpty() && slot != null && slot.users == 0) {
            adapterFor(withoutSlot.poll());
        }
    }

    /** What it would tell a gateway now; empty if it was the same at the last call. */
    Optional<WorkerState> news(SimulatedAdapters adapters) {
        if (!changed) {
            return Optional.empty();
        }
        changed = false;
        int waiting = requests - running;
        return Optional.of(
                new WorkerState(
                        false,
                        kind.slots(),
                        held(adapters),
                        new WorkerLoad(
                                kind.rows(),
                                running,
                                Map.of("all", waiting),
                                meanSeconds,
                                (double) running / kind.rows(),
                                kind.times().stepSeconds(running))));
    }

    private Map<AdapterDigest, Tier> held(SimulatedAdapters adapters) {
        Map<AdapterDigest, Tier> now = held;
        if (now == null) {
            Map<AdapterDigest, Tier> all = HashMap.newHashMap(slots.size() + hosted.size());
            hosted.keySet().forEach(adapter -> all.put(adapters.digest(adapter), Tier.HOST));
            slots.keySet().forEach(adapter -> all.put(adapters.digest(adapter), Tier.SLOT));
            now = Map.copyOf(all);
            held = now;
        }
        return now;
    }
}
