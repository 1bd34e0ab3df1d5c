package dev.weft.source.object;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.opendal.OpenDALException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which answers of stores time does not heal. */
class StoreWordsTest {
    @ParameterizedTest
    @CsvSource({
        "301, PermanentRedirect, true",
        "400, AuthorizationHeaderMalformed, true",
        "400, ExpiredToken, true",
        "409, PublicAccessNotPermitted, true",
        "400, RequestTimeout, false",
        "408, Slow, false",
        "409, OperationAborted, false",
        "429, TooMany, false",
        "503, SlowDown, false",
        "500, InternalError, false"
    })
    void whatAStoreSaysOfARequest(int status, String code, boolean isFinal) {
        String message =
                "Unexpected (persistent) at read, context: { response: Parts { status: %d } } => <Error><Code>%s</Code></Error>"
                        .formatted(status, code);
        assertThat(StoreWords.isFinal(new OpenDALException("Unexpected", message)))
                .isEqualTo(isFinal);
    }
}
