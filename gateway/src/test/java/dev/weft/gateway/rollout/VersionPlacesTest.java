package dev.weft.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.measure.Answered;
import dev.weft.gateway.measure.RequestOutcome;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.rollout.MeasuredVersion;
import dev.weft.protocol.usage.Operation;
import org.junit.jupiter.api.Test;

/** The places at which {@link ComparedVersions} measures. */
class VersionPlacesTest {
    private final ComparedVersions versions = new ComparedVersions(new CatalogView());

    private static MeasuredVersion version(String tenant, String name) {
        AdapterId adapter = new AdapterId(tenant, "sql");
        return new MeasuredVersion(new AdapterId(tenant, name), adapter, 1, 1);
    }

    private static Answered answered(long asked) {
        return new Answered(Operation.CHAT, RequestOutcome.OK, "", 2, asked, -1, null);
    }

    @Test
    void oneTenantsNamesLeaveRoomForTheOthers() {
        for (int i = 0; i < 2_000; i++) {
            versions.add(version("crowd", "name-" + i), answered(1));
        }
        versions.add(version("other", "prod"), answered(1));
        versions.add(version("crowd", "name-0"), answered(1));
        assertThat(versions.size()).isEqualTo(ComparedVersions.MOST_OF_A_TENANT + 1);
        assertThat(versions.take(1_000))
                .anySatisfy(line -> {
                    assertThat(line.version()).isEqualTo(version("crowd", "name-0"));
                    assertThat(line.measured().requests()).isEqualTo(2);
                });
    }

    @Test
    void whatWasNotAskedTakesNoPlace() {
        versions.add(version("crowd", "prod"), answered(-1));
        assertThat(versions.size()).isZero();
    }
}
