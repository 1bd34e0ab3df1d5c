package dev.weft.source.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.settings.secret.SecretException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AzureSecretTest {
    @Test
    void aKeyOrASignatureStandsForItself() throws SecretException {
        assertThat(AzureSecret.settings("aHVzaA==")).isEqualTo(Map.of("account_key", "aHVzaA=="));
        assertThat(AzureSecret.settings("?sv=2024&sig=a%3D"))
                .isEqualTo(Map.of("sas_token", "sv=2024&sig=a%3D"));
    }

    @Test
    void aConnectionStringSaysWhere() throws SecretException {
        assertThat(
                        AzureSecret.settings(
                                "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aHVzaA==;"
                                        + "EndpointSuffix=core.usgovcloudapi.net"))
                .isEqualTo(
                        Map.of(
                                "account_name", "a",
                                "account_key", "aHVzaA==",
                                "endpoint", "https://a.blob.core.usgovcloudapi.net"));
        assertThat(AzureSecret.settings("accountname=a;accountkey=k"))
                .containsEntry("endpoint", "https://a.blob.core.windows.net");
        assertThat(
                        AzureSecret.settings(
                                "BlobEndpoint=https://acc.blob.core.windows.net/;"
                                        + "SharedAccessSignature=sv=2024&sig=a%3D"))
                .isEqualTo(
                        Map.of(
                                "endpoint", "https://acc.blob.core.windows.net",
                                "sas_token", "sv=2024&sig=a%3D"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AccountName=a",
                "AccountName=a;AccountKey= ",
                "BlobEndpoint=https://acc.blob.core.windows.net/;SharedAccessSignature="
            })
    void aConnectionStringThatOpensNothingIsRefused(String text) {
        assertThatThrownBy(() -> AzureSecret.settings(text))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("neither AccountKey nor SharedAccessSignature");
    }
}
