package dev.weft.catalog.access;

import dev.weft.access.AccessSettings;
import dev.weft.access.SharedAccessConfiguration;
import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.holder.Loopback;
import dev.weft.access.holder.ServiceCertificates;
import dev.weft.access.management.ManagementDoor;
import dev.weft.access.refusal.Refusals;
import dev.weft.access.rule.AccessChain;
import dev.weft.access.rule.AccessRule;
import dev.weft.access.rule.HandlerRules;
import dev.weft.catalog.audit.AuditLog;
import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.settings.CatalogSettings;
import dev.weft.catalog.token.Tokens;
import dev.weft.catalog.usage.UsageBooks;
import dev.weft.service.DataFolder;
import dev.weft.service.LauncherToken;
import dev.weft.service.ServiceToken;
import dev.weft.service.settings.AddressSettings;
import dev.weft.settings.secret.SecretSettings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Wires the identification of callers, and the rules for each address. */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
@Import({SharedAccessConfiguration.class, WhoseController.class})
public class AccessConfiguration {
    private static final String OURS = "dev.weft.catalog";

    @Bean
    AccessOptions accessOptions(
            AddressSettings addresses,
            AccessSettings settings,
            CatalogSettings catalog,
            SecretSettings secrets,
            ServiceToken services,
            ObjectProvider<LauncherToken> launcher,
            DataFolder data) {
        return new AccessOptions(
                Loopback.is(addresses.bindAddress()),
                settings.jwtIssuer(),
                settings.jwtAudience(),
                new InternalTokens(
                        launcher.getIfAvailable(() -> LauncherToken.NONE).text(),
                        services.text(),
                        ChosenToken.of(catalog.serviceToken(), secrets, System.getenv())),
                data.path());
    }

    /** The threads that look tokens up. */
    @Bean(destroyMethod = "dispose")
    Scheduler accessThreads() {
        return Schedulers.fromExecutorService(
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("catalog-access-", 0).factory()));
    }

    @Bean
    ReactiveAuthenticationManager tokenManager(
            AccessOptions settings, Tokens tokens, UsageBooks books, Scheduler accessThreads) {
        String issuer = settings.jwtIssuer();
        boolean closed = !settings.loopback() || issuer != null;
        FirstToken first = FirstToken.of(settings.data(), closed && !tokens.any());
        ReactiveAuthenticationManager own =
                new TokenManager(settings.internal(), tokens, books, first, accessThreads);
        if (issuer == null) {
            return own;
        }
        ReactiveAuthenticationManager signed =
                SignedTokens.manager(issuer, settings.jwtAudience(), accessThreads);
        return asked ->
                SignedTokens.looksLikeOne(((BearerTokenAuthenticationToken) asked).getToken())
                        ? signed.authenticate(asked)
                        : own.authenticate(asked);
    }

    @Bean
    ManagementDoor managementDoor(AccessOptions settings, Tokens tokens, Scheduler accessThreads) {
        boolean _ = tokens.any(); // metrics and probes use it without another look-up
        return new ManagementDoor(new CatalogGuests(settings, tokens, accessThreads));
    }

    @Bean
    Refusals refusals(AuditLog log, Clock clock, Scheduler accessThreads) {
        return new AuditedRefusals(new ProblemRefusals(), log, clock, accessThreads);
    }

    @Bean
    SecurityWebFilterChain accessChain(
            ServerHttpSecurity http,
            ReactiveAuthenticationManager tokenManager,
            ServiceCertificates certificates,
            ManagementDoor door,
            Refusals refusals,
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping handlers) {
        List<AccessRule> rules = new ArrayList<>();
        rules.add(AccessRule.everybody(HttpMethod.GET, "/openapi.json"));
        rules.addAll(HandlerRules.of(handlers, OURS).rules(OwnTenant::objection));
        return new AccessChain(tokenManager, certificates, door, refusals)
                .build(
                        http,
                        rules,
                        (holder, exchange) ->
                                new HolderAuthentication(holder, Requester.of(holder, exchange)));
    }
}
