package dev.weft.inference.server.http.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.adapter.AdapterId;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TenantSaltTest {
    private final TenantSalt salt = new TenantSalt();

    private String of(String tenant, String own) {
        return Objects.requireNonNull(salt.of(tenant, own));
    }

    /** Tenants whose clients agree on a salt would share prefixes. */
    @Test
    void noTwoTenantsHaveTheSameSaltWhateverTheirClientsSay() {
        assertThat(
                        Stream.of(
                                of("acme", ""),
                                of("acme", "x"),
                                of("acme", "y"),
                                of("acmex", ""),
                                of("other", ""),
                                of("other", "x")))
                .doesNotHaveDuplicates()
                .doesNotContain("x", "y", "");
        assertThat(of("acme", "x")).isEqualTo(of("acme", "x"));
    }

    @Test
    void theDefaultTenantsClientsChooseTheirOwn() {
        assertThat(salt.of(AdapterId.DEFAULT_TENANT, "")).isNull();
        assertThat(salt.of(AdapterId.DEFAULT_TENANT, "x")).isNull();
    }
}
