package dev.weft.access.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Keys that may be replaced while they are in use. Any thread. */
final class LiveKeys extends X509ExtendedKeyManager {
    private static final String[] TYPES = {"EC", "RSA", "EdDSA", "RSASSA-PSS"};

    private volatile X509ExtendedKeyManager now;

    LiveKeys(X509ExtendedKeyManager first) {
        this.now = first;
    }

    void take(X509ExtendedKeyManager next) {
        now = next;
    }

    /** True for this process's own certificate; a peer that shows it too has its key. */
    boolean isOwn(X509Certificate certificate) {
        X509ExtendedKeyManager keys = now;
        for (String type : TYPES) {
            String[] aliases = keys.getClientAliases(type, null);
            for (String alias : aliases == null ? new String[0] : aliases) {
                X509Certificate[] chain = keys.getCertificateChain(alias);
                if (chain != null && chain.length > 0 && chain[0].equals(certificate)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return now.getClientAliases(type, issuers);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return now.chooseClientAlias(types, issuers, socket);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return now.chooseEngineClientAlias(types, issuers, engine);
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return now.getServerAliases(type, issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(
            String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return now.chooseServerAlias(type, issuers, socket);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return now.getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return now.getPrivateKey(alias);
    }
}
