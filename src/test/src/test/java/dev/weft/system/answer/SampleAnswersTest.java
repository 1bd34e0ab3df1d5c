package dev.weft.system.answer;

import dev.weft.system.fleet.SampleFleet;
import java.net.URI;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the answers of the embedded engine. */
@ExtendWith(SampleFleet.class)
class SampleAnswersTest extends SampleAnswers {
    @Override
    protected URI gateway() {
        return SampleFleet.fleet().gateway();
    }
}
