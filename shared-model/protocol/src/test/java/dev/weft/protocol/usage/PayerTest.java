package dev.weft.protocol.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayerTest {
    /** Else one subject of an issuer's token would cost the batch that it is in. */
    @ParameterizedTest
    @ValueSource(strings = {"ana", "\u0000x", "\ud83d", "😀"})
    void aNameThatIsKeptCanBeReadAgain(String name) {
        for (String padded : new String[] {name, " ".repeat(255) + name, " ".repeat(256) + name}) {
            Payer payer = new Payer(1, padded, "acme");
            assertThat(payer.name()).isNotBlank().hasSizeLessThanOrEqualTo(256);
            assertThat(new Payer(1, payer.name(), "acme")).isEqualTo(payer);
        }
    }
}
