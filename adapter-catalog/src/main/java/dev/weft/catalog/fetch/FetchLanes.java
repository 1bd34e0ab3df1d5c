package dev.weft.catalog.fetch;

import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.RepositoryRef;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Runs a few fetches at once from each place: the hub, a bucket, a host. A slow place delays only
 * the fetches from it, and a tenant with many fetches delays no other tenant. A place is forgotten
 * when nobody fetches from it or waits to. Safe for any thread.
 */
public final class FetchLanes {
    /** More fetches would only share the same connection. */
    static final int AT_ONCE = 4;

    private final ConcurrentMap<String, Lane> lanes = new ConcurrentHashMap<>();

    /** A fetch. */
    public interface Fetch<T> {
        T run() throws RejectedException, IOException, InterruptedException;
    }

    /**
     * A lane in use.
     *
     * @param fetches those that are under way or wait
     */
    private record Lane(TenantPlaces places, int fetches) {
        Lane with(int more) {
            return new Lane(places, fetches + more);
        }
    }

    /** Runs a fetch when its turn comes. Each fetch before it has a deadline, so the wait ends. */
    public <T> T take(String tenant, RepositoryRef ref, Fetch<T> fetch)
            throws RejectedException, IOException, InterruptedException {
        String place = place(ref);
        Lane used =
                lanes.compute(
                        place,
                        (_, known) ->
                                known == null
                                        ? new Lane(new TenantPlaces(AT_ONCE), 1)
                                        : known.with(1));
        try {
            return take(tenant, used.places, fetch);
        } finally {
            lanes.computeIfPresent(place, (_, known) -> known.fetches == 1 ? null : known.with(-1));
        }
    }

    private static <T> T take(String tenant, TenantPlaces lane, Fetch<T> fetch)
            throws RejectedException, IOException, InterruptedException {
        lane.take(tenant);
        try {
            return fetch.run();
        } finally {
            lane.release(tenant);
        }
    }

    /** How many places are fetched from. */
    int used() {
        return lanes.size();
    }

    private static String place(RepositoryRef ref) {
        return switch (ref.source()) {
            case HF, FILE -> ref.source().name();
            case S3, GCS, AZURE ->
                    ObjectAddress.parse(ref.source(), ref.repo())
                            .map(ObjectAddress::place)
                            .orElse(ref.source().name());
            case REMOTE_URL -> host(ref.repo());
        };
    }

    private static String host(String address) {
        try {
            return String.valueOf(URI.create(address).getAuthority());
        } catch (IllegalArgumentException e) {
            return "no address"; // the fetch reports it
        }
    }
}
