package dev.weft.system;

import java.net.URI;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the answers of the embedded engine. */
@ExtendWith(SampleFleet.class)
class SampleAnswersTest extends SampleAnswers {
    @Override
    URI gateway() {
        return SampleFleet.fleet().gateway();
    }
}
