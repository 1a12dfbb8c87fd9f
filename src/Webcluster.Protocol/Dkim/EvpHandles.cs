using Microsoft.Win32.SafeHandles;

namespace Webcluster.Protocol.Dkim;

/// <summary>An EVP_PKEY. OpenSSL counts its references; many threads may sign with one.</summary>
internal sealed class EvpKeyHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libcrypto.FreeKey(handle);
        return true;
    }
}

/// <summary>An EVP_MD_CTX: one operation, one thread.</summary>
internal sealed class EvpContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libcrypto.FreeContext(handle);
        return true;
    }
}
