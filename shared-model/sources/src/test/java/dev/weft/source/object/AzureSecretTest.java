package dev.weft.source.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AzureSecretTest {
    @Test
    void aKeyOrASignatureStandsForItself() {
        assertThat(AzureSecret.settings("aHVzaA==")).isEqualTo(Map.of("account_key", "aHVzaA=="));
        assertThat(AzureSecret.settings("?sv=2024&sig=a%3D"))
                .isEqualTo(Map.of("sas_token", "sv=2024&sig=a%3D"));
    }

    @Test
    void aConnectionStringSaysWhere() {
        assertThat(
                        AzureSecret.settings(
                                "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aHVzaA==;"
                                        + "EndpointSuffix=core.usgovcloudapi.net"))
                .isEqualTo(
                        Map.of(
                                "account_name", "a",
                                "account_key", "aHVzaA==",
                                "endpoint", "https://a.blob.core.usgovcloudapi.net"));
        assertThat(AzureSecret.settings("AccountName=a;AccountKey=k"))
                .containsEntry("endpoint", "https://a.blob.core.windows.net");
        assertThat(
                        AzureSecret.settings(
                                "BlobEndpoint=https://acc.blob.core.windows.net/;"
                                        + "SharedAccessSignature=sv=2024&sig=a%3D"))
                .isEqualTo(
                        Map.of(
                                "endpoint", "https://acc.blob.core.windows.net/",
                                "sas_token", "sv=2024&sig=a%3D"));
    }
}
