"""Words that are not what tells one person from another: titles, links, birth-order names.

Sources: usage of Indonesian, Malaysian, Timorese and Arabic names in travel documents; legal
forms of the countries of the region and the common ones beyond.
"""

from __future__ import annotations

TITLES = frozenset(
    """h hj hjh haji hajah hajjah alhaj alhajj hadji hadjah tgk tengku teungku tuanku kh kyai kiai
    ust ustad ustadz ustaz ustadzah habib syekh sheikh shaikh shaykh syech sayid sayyid syed said
    syarif syarifah drs dra dr drg drh ir prof sh mh mm mba msi mpd spd se skom st mt ssi sip msc
    phd amd lc ma rm rr raden rden r rmt mr mrs ms miss mister sir lord hon datuk dato datin datu
    encik cik puan tuan tun tan_sri bapak ibu pak bu sdr sdri nyonya tn ny gen general jenderal
    kol col maj mayor kapt capt kapten lt letnan sgt president minister sr sra jr snr dom dona don
    eng ing hajji mullah mawlawi maulvi mulla""".split()
)

# A title that is also a name or an initial when it stands alone or in a list: dropped only when
# at least two other words remain.
SOFT_TITLES = frozenset(
    "said syarif syarifah r h ma don tan dom habib se st mt ing sip lc ny tn gen".split()
)

LINKS = frozenset(
    """bin binti binte bint ibn ibnu ben ibni bt bte btw ap al_ al el ad ed as es ash esh ar er an
    en at et az ez aal da de do dos das del della dela di du e y la le las los van von der den ter
    zu und of the a/l a/p s/o d/o so bani abu_""".split()
)

FILLERS = frozenset("xxx xx xxxx fnu lnu nmn nfn null nil none unknown na nn tanpa".split())

MUHAMMAD = frozenset(
    """muhammad muhamad mohammad mohamad mohammed mohamed muhammed muhamed muchammad muchamad
    mochammad mochamad moehammad moehamad moechammad moechamad mohd muhd moh muh mhd mohmd mehmet
    mehmed mahomed mohammod mokhamad mokhammad muhamet mamadou magomed mukhammad mukhamad mouhamed
    mohamet muhammet moch much mochd mkhd""".split()
)

# Balinese rank and birth-order names; worth little, and often left out.
BIRTH_ORDER: dict[str, str] = {
    **dict.fromkeys(("i", "ni"), "i"),
    **dict.fromkeys(("wayan", "wyn", "putu", "pt", "gede", "gde", "gd", "iluh", "luh"), "first"),
    **dict.fromkeys(("made", "md", "kadek", "kdk", "nengah", "ngh"), "second"),
    **dict.fromkeys(("nyoman", "nym", "komang", "kmg"), "third"),
    **dict.fromkeys(("ketut", "kt", "ktut"), "fourth"),
    **dict.fromkeys(("gusti", "gst", "ngurah"), "gusti"),
    **dict.fromkeys(("ida", "bagus", "ib", "ayu", "ia"), "ida"),
    **dict.fromkeys(("anak", "agung", "aa", "desak", "dewa", "dw", "cokorda", "cok"), "agung"),
}

# Given names that half a region bears: alone they tell nobody apart.
COMMON = frozenset(
    """siti sitti st maria mary ma jose joao abdul ahmad achmad akhmad nur noor muhammad thi van
    binti nguyen""".split()
)

# Short forms and the names they stand for.
SHORT: dict[str, str] = {
    "abd": "abdul",
    "ag": "agus",
    "bill": "william",
    "bob": "robert",
    "frank": "francis",
    "gst": "gusti",
    "jim": "james",
    "joe": "joseph",
    "ma": "maria",
    "mike": "michael",
    "saimon": "simon",
    "tom": "thomas",
    "yos": "yosef",
}

# Legal forms by what they are; the same in each language.
LEGAL_FORMS: dict[str, str] = {
    **dict.fromkeys(("pt", "persero", "perseroan", "terbatas", "tbk"), "limited"),
    **dict.fromkeys(
        """ltd limited llc inc incorporated corp corporation co company plc gmbh ag sa sarl srl
        bhd sdn berhad sendirian pte pty lp llp nv bv ab oy as spa ooo oao zao pao ao jsc ojsc
        cjsc pjsc joint stock liability se kg lda aktiengesellschaft aktiengeselschaft
        public""".split(),
        "limited",
    ),
    **dict.fromkeys(("cv", "commanditaire", "vennootschap"), "partnership"),
    **dict.fromkeys(("ud", "usaha", "dagang", "fa", "firma", "toko"), "trader"),
    **dict.fromkeys(("yayasan", "foundation", "fundacao", "stiftung"), "foundation"),
    **dict.fromkeys(("koperasi", "cooperative", "kud"), "cooperative"),
    **dict.fromkeys(("group", "holding", "holdings", "grup", "the", "of", "and", "dan"), "filler"),
}

SHIP_TYPES = frozenset(
    """mv mt fv km kmn klm tb ts ms ss mts kapal motor nelayan layar tug vessel barge tk bg spob
    mb sv lct lpg fb kp kri kn kfv""".split()
)

ROMAN: dict[str, str] = {
    r: str(n)
    for n, r in enumerate(
        """i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx""".split(), 1
    )
}
NUMBER_WORDS: dict[str, str] = {
    w: str(n) for n, w in enumerate("one two three four five six seven eight nine ten".split(), 1)
} | {w: str(n) for n, w in enumerate("satu dua tiga empat lima enam tujuh delapan".split(), 1)}
