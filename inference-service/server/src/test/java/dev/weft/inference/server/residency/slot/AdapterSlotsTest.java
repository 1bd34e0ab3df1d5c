package dev.weft.inference.server.residency.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdapterSlotsTest {
    private static final Duration TURN = Duration.ofMillis(500);

    private final AtomicLong now = new AtomicLong();
    private final Set<AdapterDigest> onDisk = new HashSet<>();
    private final Set<AdapterDigest> held = new HashSet<>();
    private final List<String> work = new ArrayList<>();
    private final AdapterSlots slots = new AdapterSlots(2, TURN, now::get, recorder(work));

    @Test
    void fetchesAndLoadsOnceForAllWhoAsk() {
        SlotTicket first = slots.request(digest('a'));
        SlotTicket second = slots.request(digest('a'));
        slots.fetched(digest('a'));
        SlotTicket third = slots.request(digest('a'));
        assertThat(granted(first)).isFalse();

        slots.loaded(digest('a'));

        assertThat(work).containsExactly("fetch a", "load a");
        assertThat(List.of(first, second, third)).allMatch(AdapterSlotsTest::granted);
        assertThat(granted(slots.request(digest('a')))).isTrue();
        assertThat(work).hasSize(2);
    }

    @Test
    void loadsDifferentAdaptersSideBySide() {
        slots.request(digest('a'));
        slots.request(digest('b'));
        slots.fetched(digest('b'));
        slots.fetched(digest('a'));

        assertThat(work).containsExactly("fetch a", "fetch b", "load b", "load a");
    }

    @Test
    void evictsTheOneThatWasUsedLongestAgo() {
        SlotTicket a = resident('a');
        SlotTicket b = resident('b');
        slots.close(b);
        slots.close(a);
        slots.close(slots.request(digest('b')));
        work.clear();

        slots.request(digest('c'));
        slots.fetched(digest('c'));

        assertThat(work).containsExactly("fetch c", "evict a", "load c");
    }

    @Test
    void neverEvictsWhatIsInUse() {
        SlotTicket a = resident('a');
        SlotTicket b = resident('b');
        work.clear();

        SlotTicket c = slots.request(digest('c'));
        slots.fetched(digest('c'));
        assertThat(work).containsExactly("fetch c");

        slots.close(b);
        assertThat(work).containsExactly("fetch c", "evict b", "load c");
        slots.loaded(digest('c'));
        assertThat(granted(c)).isTrue();
        assertThat(slots.resident()).contains(digest('a'));
        slots.close(a);
    }

    @Test
    void servesTheQueueInOrder() {
        SlotTicket a = resident('a');
        SlotTicket b = resident('b');
        work.clear();
        for (char name : new char[] {'c', 'd'}) {
            slots.request(digest(name));
            slots.fetched(digest(name));
        }

        slots.close(a);
        slots.close(b);

        assertThat(work)
                .containsExactly("fetch c", "fetch d", "evict a", "load c", "evict b", "load d");
    }

    @Test
    void doesNotStarveBehindAdaptersInSteadyUse() {
        SlotTicket a = resident('a');
        SlotTicket b = resident('b');
        SlotTicket c = slots.request(digest('c'));
        slots.fetched(digest('c'));

        // within their turns both go on; then a, used longest ago, takes no new leases, b does
        assertThat(granted(slots.request(digest('b')))).isTrue();
        now.addAndGet(TURN.toNanos());
        SlotTicket nextA = slots.request(digest('a'));
        SlotTicket nextB = slots.request(digest('b'));
        assertThat(granted(nextA)).isFalse();
        assertThat(granted(nextB)).isTrue();

        slots.close(a);
        slots.loaded(digest('c'));
        assertThat(granted(c)).isTrue();
        slots.close(c);
        slots.loaded(digest('a'));
        assertThat(granted(nextA)).isTrue();
        slots.close(b);
    }

    @Test
    void aTicketIsWantedOnceItsTurnIsOverAndOthersQueueThoughNothingElseHappens() {
        SlotTicket a = resident('a');
        SlotTicket b = resident('b');
        SlotTicket c = slots.request(digest('c'));
        assertThat(slots.isWanted(a)).as("it is being fetched").isFalse();
        slots.fetched(digest('c'));
        assertThat(slots.isWanted(a)).as("within its turn").isFalse();
        now.addAndGet(TURN.toNanos());

        assertThat(slots.isWanted(a)).isTrue();
        assertThat(slots.isWanted(b)).as("one slot is enough").isFalse();
        assertThat(slots.isWanted(c)).as("it has none").isFalse();
        slots.close(a);
        assertThat(slots.isWanted(a)).isFalse();
        slots.loaded(digest('c'));
        assertThat(granted(c)).isTrue();
    }

    /** A tenant that has as many slots as the other one would never be let in. */
    @Test
    void whatTheWorkerAloneHoldsIsWantedByWhoeverQueues() {
        SlotTicket merged = resident('a');
        slots.close(slots.request("acme", digest('a'), false));
        SlotTicket pin = slots.request("", digest('b'), true);
        slots.fetched(digest('b'));
        slots.loaded(digest('b'));
        slots.close(slots.request("beta", digest('b'), false));
        SlotTicket waits = slots.request("beta", digest('c'), false);
        slots.fetched(digest('c'));
        SlotTicket used = slots.request("acme", digest('a'), false);
        now.addAndGet(TURN.toNanos());

        assertThat(slots.isWanted(merged)).as("acme uses it").isFalse();
        slots.close(used);
        assertThat(slots.isWanted(merged)).isTrue();
        slots.close(merged);
        slots.loaded(digest('c'));
        assertThat(granted(waits)).isTrue();
        slots.close(pin);
    }

    @Test
    void aPinnedAdapterNeitherLeavesNorDrainsAndTheOthersShareWhatIsLeft() {
        SlotTicket pin = slots.request("", digest('a'), true);
        slots.fetched(digest('a'));
        slots.loaded(digest('a'));
        resident('b');
        assertThat(slots.pinned()).containsExactly(digest('a'));
        SlotTicket c = slots.request(digest('c'));
        slots.fetched(digest('c'));
        now.addAndGet(TURN.toNanos());

        // b drains, although a was used longer ago
        SlotTicket use = slots.request(digest('a'));
        assertThat(granted(use)).isTrue();
        assertThat(granted(slots.request(digest('b')))).isFalse();
        slots.close(use);
        assertThat(granted(c)).isFalse();
        assertThat(slots.resident()).contains(digest('a'));

        slots.close(pin);
        assertThat(slots.pinned()).isEmpty();
        assertThat(work).contains("evict a");
    }

    @Test
    void servesThoseWhoWaitedForADrainingAdapterWhereItsSlotWasNotNeeded() {
        SlotTicket a = resident('a');
        resident('b');
        SlotTicket c = slots.request(digest('c'));
        slots.fetched(digest('c'));
        now.addAndGet(TURN.toNanos());
        SlotTicket nextA = slots.request(digest('a'));
        assertThat(granted(nextA)).isFalse();

        slots.close(c);

        assertThat(granted(nextA)).isTrue();
        assertThat(granted(a)).isTrue();
    }

    @Test
    void forgetsOneThatNobodyWaitsForAnyMore() {
        resident('a');
        resident('b');
        work.clear();
        SlotTicket c = slots.request(digest('c'));
        slots.close(c);
        slots.fetched(digest('c'));

        assertThat(work).containsExactly("fetch c");
        assertThat(slots.awaited()).isEmpty();
        assertThat(slots.resident()).containsExactlyInAnyOrder(digest('a'), digest('b'));
    }

    @Test
    void startsAfreshAfterAFailure() {
        SlotTicket failed = slots.request(digest('a'));
        slots.failed(digest('a'), new ApiException(ErrorCode.ADAPTER_UNAVAILABLE, "broken"));

        assertThatThrownBy(() -> failed.granted().get())
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("broken");
        slots.close(failed);
        SlotTicket again = slots.request(digest('a'));
        slots.fetched(digest('a'));
        slots.loaded(digest('a'));
        assertThat(granted(again)).isTrue();
        assertThat(work).containsExactly("fetch a", "fetch a", "load a");
    }

    @Test
    void givesTheSlotOfAFailedLoadToTheNext() {
        resident('a');
        slots.request(digest('b'));
        slots.fetched(digest('b'));
        slots.request(digest('c'));
        slots.fetched(digest('c'));
        work.clear();

        slots.failed(digest('b'), new ApiException(ErrorCode.ADAPTER_UNAVAILABLE, "broken"));

        assertThat(work).containsExactly("load c");
    }

    @Test
    void closesATicketOnce() {
        SlotTicket a = resident('a');
        SlotTicket second = slots.request(digest('a'));
        slots.close(a);
        slots.close(a);
        resident('b');
        work.clear();

        slots.request(digest('c'));
        slots.fetched(digest('c'));

        assertThat(work).as("a is still in use").containsExactly("fetch c");
        slots.close(second);
        assertThat(work).containsExactly("fetch c", "evict a", "load c");
    }

    @Test
    void takesBackAtOnceWhatNeedsNoLoading() {
        onDisk.add(digest('a'));
        held.add(digest('a'));

        assertThat(granted(slots.request(digest('a')))).isTrue();
        assertThat(work).containsExactly("reload a");
    }

    @Test
    void whoAsksForADrainingAdapterKeepsHisPlaceAndItsSlotWhereItIsNotFreeBefore() {
        SlotTicket a = resident('a');
        SlotTicket b = resident('b');
        now.addAndGet(TURN.toNanos());
        slots.request(digest('c'));
        slots.fetched(digest('c'));
        SlotTicket d = slots.request(digest('d'));
        slots.fetched(digest('d'));
        // both drain; a is asked for again, behind c and d
        SlotTicket nextA = slots.request(digest('a'));
        slots.close(b);
        slots.loaded(digest('c'));
        assertThat(granted(nextA)).isFalse();
        work.clear();

        // d is no longer wanted, and a is the next while it is still in its slot
        slots.close(d);

        assertThat(granted(nextA)).isTrue();
        assertThat(work).isEmpty();
        slots.close(a);
    }

    @Test
    void theNextSlotIsThatOfTheTenantWithTheFewest() {
        onDisk.addAll(List.of(digest('c'), digest('d'), digest('x')));
        SlotTicket a = residentOf("flood", 'a');
        residentOf("flood", 'b');
        SlotTicket c = slots.request("flood", digest('c'), false);
        SlotTicket d = slots.request("flood", digest('d'), false);
        SlotTicket x = slots.request("other", digest('x'), false);
        work.clear();

        slots.close(a);
        slots.loaded(digest('x'));

        assertThat(work).containsExactly("evict a", "load x");
        assertThat(granted(x)).isTrue();
        assertThat(List.of(c, d)).noneMatch(AdapterSlotsTest::granted);
    }

    @Test
    void aTenantWithManyAdaptersDrainsItsOwnNotTheOneOfAnother() {
        onDisk.addAll(List.of(digest('b'), digest('c')));
        residentOf("other", 'x');
        SlotTicket a = residentOf("flood", 'a');
        now.addAndGet(2 * TURN.toNanos());
        slots.request("flood", digest('b'), false);
        slots.request("flood", digest('c'), false);

        // x is used longest ago, but who queues has as many slots as its tenant
        assertThat(granted(slots.request("other", digest('x'), false))).isTrue();
        assertThat(granted(slots.request("flood", digest('a'), false))).isFalse();
        work.clear();
        slots.close(a);
        assertThat(work).containsExactly("evict a", "load b");
    }

    private SlotTicket residentOf(String tenant, char name) {
        SlotTicket ticket = slots.request(tenant, digest(name), false);
        slots.fetched(digest(name));
        slots.loaded(digest(name));
        assertThat(granted(ticket)).isTrue();
        return ticket;
    }

    /** Any order of events: slots are never exceeded, nothing in use is evicted, nobody is lost. */
    @Test
    void holdsItsPromisesUnderRandomEvents() {
        for (int seed = 0; seed < 300; seed++) {
            new RandomRun(seed).go();
        }
    }

    private final class RandomRun {
        private final SplittableRandom random;
        private final Set<AdapterDigest> fetching = new HashSet<>();
        private final Set<AdapterDigest> loading = new HashSet<>();
        private final Set<AdapterDigest> resident = new HashSet<>();
        private final Map<SlotTicket, AdapterDigest> open = new HashMap<>();
        private final AdapterSlots slots = new AdapterSlots(3, TURN, now::get, new CheckedWork());

        RandomRun(long seed) {
            random = new SplittableRandom(seed);
        }

        void go() {
            for (int i = 0; i < 300; i++) {
                now.addAndGet(TURN.toNanos() / 8);
                event(random.nextInt(5));
            }
            while (!open.isEmpty() || !fetching.isEmpty() || !loading.isEmpty()) {
                finishOne();
            }
            assertThat(slots.awaited()).isEmpty();
        }

        private void event(int kind) {
            switch (kind) {
                case 0, 1 -> {
                    AdapterDigest digest = digest((char) ('a' + random.nextInt(6)));
                    String tenant = "t" + random.nextInt(3);
                    open.put(slots.request(tenant, digest, false), digest);
                }
                case 2 -> pick(open.keySet(), this::close);
                case 3 -> pick(fetching, this::fetched);
                default -> pick(loading, this::loaded);
            }
        }

        /** Everybody who waits gets the adapter if the others only go on. */
        private void finishOne() {
            if (!fetching.isEmpty()) {
                pick(fetching, this::fetched);
            } else if (!loading.isEmpty()) {
                pick(loading, this::loaded);
            } else {
                SlotTicket one =
                        open.keySet().stream()
                                .filter(AdapterSlotsTest::granted)
                                .findFirst()
                                .orElseThrow(() -> new AssertionError("stuck: " + open.values()));
                close(one);
            }
        }

        private void close(SlotTicket ticket) {
            open.remove(ticket);
            slots.close(ticket);
        }

        private void fetched(AdapterDigest digest) {
            fetching.remove(digest);
            slots.fetched(digest);
        }

        private void loaded(AdapterDigest digest) {
            loading.remove(digest);
            resident.add(digest);
            slots.loaded(digest);
        }

        private <T> void pick(Set<T> from, java.util.function.Consumer<T> then) {
            if (!from.isEmpty()) {
                then.accept(List.copyOf(from).get(random.nextInt(from.size())));
            }
        }

        private final class CheckedWork implements SlotWork {
            @Override
            public boolean fetch(String tenant, AdapterDigest digest) {
                boolean here = random.nextInt(3) == 0;
                assertThat(here || fetching.add(digest)).isTrue();
                return here;
            }

            @Override
            public void evict(AdapterDigest digest) {
                assertThat(resident.remove(digest)).isTrue();
                assertThat(open.entrySet())
                        .noneMatch(e -> e.getValue().equals(digest) && granted(e.getKey()));
            }

            @Override
            public boolean reload(AdapterDigest digest) {
                boolean held = random.nextBoolean();
                if (held) {
                    assertThat(resident.add(digest)).isTrue();
                    assertThat(loading.size() + resident.size()).isLessThanOrEqualTo(3);
                }
                return held;
            }

            @Override
            public void load(String tenant, AdapterDigest digest) {
                assertThat(loading.add(digest)).isTrue();
                assertThat(loading.size() + resident.size()).isLessThanOrEqualTo(3);
            }
        }
    }

    private SlotTicket resident(char name) {
        SlotTicket ticket = slots.request(digest(name));
        slots.fetched(digest(name));
        slots.loaded(digest(name));
        assertThat(granted(ticket)).isTrue();
        return ticket;
    }

    private static boolean granted(SlotTicket ticket) {
        return ticket.granted().isDone() && !ticket.granted().isCompletedExceptionally();
    }

    static AdapterDigest digest(char name) {
        return new AdapterDigest(String.format("%064x", (int) name));
    }

    private SlotWork recorder(List<String> log) {
        return new SlotWork() {
            @Override
            public boolean fetch(String tenant, AdapterDigest digest) {
                return onDisk.contains(digest) || !log.add("fetch " + name(digest));
            }

            @Override
            public void evict(AdapterDigest digest) {
                log.add("evict " + name(digest));
            }

            @Override
            public boolean reload(AdapterDigest digest) {
                return held.contains(digest) && log.add("reload " + name(digest));
            }

            @Override
            public void load(String tenant, AdapterDigest digest) {
                log.add("load " + name(digest));
            }

            private char name(AdapterDigest digest) {
                return (char) Integer.parseInt(digest.hex().substring(62), 16);
            }
        };
    }
}
