package dev.weft.system.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.NotFoundException;
import com.openai.models.models.Model;
import dev.weft.system.fleet.Admin;
import dev.weft.system.fleet.Client;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import dev.weft.system.fleet.SampleFleet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests adapters that come and go through the admin API while the services run. */
@ExtendWith(SampleFleet.class)
class AdapterLifeCycleTest {
    @AutoClose private static Client client;
    private static Admin admin;
    private static Sample.Prompt prompt;

    @BeforeAll
    static void connect() {
        client = new Client(SampleFleet.fleet().gateway());
        admin = SampleFleet.fleet().admin();
        prompt =
                Sample.heldOut().counted().stream()
                        .filter(p -> !p.of("sql").close() && !p.of("french").close())
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void anAdapterIsServedDisabledEnabledAndRemovedWithoutARestart() throws Exception {
        String name = "team/late";
        assertThatThrownBy(() -> client.ask(name, prompt.text()))
                .isInstanceOf(NotFoundException.class);

        admin.register(name, Sample.copy("french", SampleFleet.adapters().resolve("late")));
        admin.awaitReady(name);
        Http.await(name + " is listed", () -> listed(name));
        assertThat(client.ask(name, prompt.text())).isEqualTo(prompt.of("french").answer());

        admin.disable(name);
        Http.await(name + " is not listed", () -> !listed(name));
        assertThatThrownBy(() -> client.ask(name, prompt.text()))
                .isInstanceOf(NotFoundException.class);

        admin.enable(name);
        Http.await(name + " is listed again", () -> listed(name));
        assertThat(client.stream(name, prompt.text())).isEqualTo(prompt.of("french").answer());

        admin.remove(name);
        Http.await(name + " is gone", () -> !listed(name));
        assertThatThrownBy(() -> client.ask(name, prompt.text()))
                .isInstanceOf(NotFoundException.class);
    }

    /**
     * All data is keyed by digest, so a name that is published again never serves its old weights.
     */
    @Test
    void aNameThatIsPublishedAgainAnswersWithItsNewWeightsOnly() throws Exception {
        String name = "changing";
        admin.register(name, Sample.copy("french", SampleFleet.adapters().resolve(name)));
        admin.awaitReady(name);
        Http.await(name + " is listed", () -> listed(name));
        assertThat(client.ask(name, prompt.text())).isEqualTo(prompt.of("french").answer());

        admin.register(name, Sample.copy("sql", SampleFleet.adapters().resolve(name)));
        Http.await(
                name + " answers as sql",
                () -> client.ask(name, prompt.text()).equals(prompt.of("sql").answer()));
        for (int i = 0; i < 20; i++) {
            assertThat(client.ask(name, prompt.text())).isEqualTo(prompt.of("sql").answer());
        }
        admin.remove(name);
    }

    private static boolean listed(String name) {
        return client.api().models().list().data().stream().map(Model::id).anyMatch(name::equals);
    }
}
