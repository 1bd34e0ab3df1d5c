package dev.weft.gateway.forward.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_LOADBALANCER_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

class WorkerAttemptsTest {
    /** The scheme is the worker's, whatever the client's is. */
    @ParameterizedTest
    @CsvSource({
        "http://a:8082, http://gw:8080/v1/completions, http://a:8082/v1/completions",
        "http://a:8082, https://gw/v1/completions, http://a:8082/v1/completions",
        "https://a:8082, http://gw:8080/v1/completions, https://a:8082/v1/completions",
        "http://[::1]:8082, http://gw/v1/completions?x=%20y,"
                + " http://[::1]:8082/v1/completions?x=%20y",
        "http://a, http://gw:8080/v1/completions, http://a:80/v1/completions",
        "https://a, http://gw:8080/v1/completions, https://a:443/v1/completions",
    })
    void handsTheWorkerOnAsALoadBalancerFilterDoes(URI worker, URI client, URI url) {
        MockServerWebExchange exchange =
                MockServerWebExchange.from(MockServerHttpRequest.method(HttpMethod.POST, client));

        WorkerAttempts.handOver(worker, "workers", exchange);

        assertThat(exchange.<URI>getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR)).isEqualTo(url);
        Response<ServiceInstance> chosen =
                exchange.getRequiredAttribute(GATEWAY_LOADBALANCER_RESPONSE_ATTR);
        assertThat(chosen.getServer())
                .extracting(ServiceInstance::getServiceId, ServiceInstance::getHost)
                .containsExactly("workers", worker.getHost());
    }
}
